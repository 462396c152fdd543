/**
 * Endings after which a line without its line break may count one token more than with it: o200k_base joins a break
 * to the punctuation or blanks before it.
 */
const MERGES_WITH_BREAK = /(?:[^\s\p{L}\p{N}]{2}|\s)$/u;

/**
 * What a line of a section costs at most, wherever it stands. Stored counts include the line break; the next line
 * begins with a hyphen or a digit, and o200k_base never joins a break to what follows it, so counts add up exactly.
 * Only the last line of a section is shown without its break.
 *
 * @param tokens o200k_base tokens of the line and its line break
 */
export function shownTokens(line: string, tokens: number): number {
  return MERGES_WITH_BREAK.test(line) ? tokens + 1 : tokens;
}
