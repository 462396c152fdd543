const IRREGULAR_PAST = new Set(
  (
    'was were had did went got came saw made took gave found told felt left kept began brought bought built caught ' +
    'chose drank drove ate fell flew forgot froze grew heard held hid knew learnt led lent lost meant met paid ran rode ' +
    'rang rose said sang sat sent shot slept sold sought spent spoke stole stood struck swam taught thought threw ' +
    'understood woke won wore wrote became broke bent bet bit blew drew fought forgave hung lay lit put cut hit let ' +
    'set hurt quit spread sold tore withdrew'
  ).split(' '),
);
const NOT_PAST = /^(?:need|feed|speed|breed|bleed|heed|seed|weed|succeed|proceed|exceed|embed|shed|wed)$/;
const NOT_ADVERBS = /^(?:rely|apply|reply|fly|supply|multiply|comply|imply|only)$/;
const ADVERBS = new Set(
  'also always just still now never often sometimes even once actually recently currently only almost both soon no longer'.split(
    ' ',
  ),
);
const INVARIABLE =
  /^(?:will|would|can|could|may|might|must|should|shall|cannot|(?:wo|would|ca|could|might|must|should|did|was|had)n't|used|ought)$/;
const SPECIAL: Readonly<Record<string, string>> = {
  am: 'is',
  have: 'has',
  do: 'does',
  "don't": "doesn't",
  "haven't": "hasn't",
  go: 'goes',
};

/** What may stand between "I" and its verb without turning the meaning around. */
export const ADVERB_PATTERN = `(?:(?:also|always|just|still|now|often|sometimes|even|[a-z]+ly) )*`;

export function isAdverb(word: string): boolean {
  return ADVERBS.has(word) || (word.endsWith('ly') && !NOT_ADVERBS.test(word));
}

/** Whether a verb after "I" is in the past tense; "read" counts as present. */
export function isPast(word: string): boolean {
  return IRREGULAR_PAST.has(word) || (/[a-z]{2}ed$/.test(word) && !NOT_PAST.test(word));
}

/** A verb as it follows "I", as it follows "she". */
export function thirdPerson(verb: string): string {
  const special = SPECIAL[verb];
  if (special !== undefined) return special;
  if (INVARIABLE.test(verb) || isPast(verb)) return verb;
  if (/(?:s|x|z|ch|sh)$/.test(verb)) return `${verb}es`;
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`;
}

/** First words of "I ..." spelled out, so that one pattern fits "I'm", "I’m" and "i am". */
export function spelledOut(clause: string): string {
  return clause
    .replaceAll('’', "'")
    .replace(/^i\b/, 'I')
    .replace(/^we\b/, 'We')
    .replace(/^my\b/, 'My')
    .replace(/^(I|We)'m\b/i, '$1 am')
    .replace(/^im\b/i, 'I am')
    .replace(/^We're\b/i, 'We are')
    .replace(/^(I|We)'ve\b/, '$1 have')
    .replace(/^(I|We)'ll\b/, '$1 will')
    .replace(/^(I|We)'d\b(?= (?:\w+ly )?(?:been|better|\w+ed)\b)/, '$1 had')
    .replace(/^(I|We)'d\b/, '$1 would');
}

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\bI am\b|\bI'm\b/g, 'they are'],
  [/\bI've\b/g, 'they have'],
  [/\bI'll\b/g, 'they will'],
  [/\bI'd\b/g, 'they would'],
  [/\bI was\b/g, 'they were'],
  [/\bI\b(?!['.])/g, 'they'],
  [/\bmyself\b/gi, 'themselves'],
  [/\bmine\b/gi, 'theirs'],
  [/\bmy\b|\bour\b/gi, 'their'],
  [/\bme\b|\bus\b/g, 'them'],
  [/\bwe\b/gi, 'they'],
];

/** Everything after the subject of a clause, seen from outside. */
export function seenFromOutside(text: string): string {
  return REPLACED.reduce((result, [pattern, word]) => result.replace(pattern, word), text);
}

/** "really love my job" as it follows a name: "really loves their job". */
export function predicateOf(rest: string): string {
  const words = rest.split(' ');
  const at = words.findIndex((word) => !isAdverb(word.toLowerCase()));
  const verb = words[at];
  if (verb === undefined || !/^[a-z']+$/i.test(verb)) return seenFromOutside(rest);
  const after = words.slice(at + 1).join(' ');
  const before = words.slice(0, at);
  return [...before, thirdPerson(verb.toLowerCase()), ...(after === '' ? [] : [seenFromOutside(after)])].join(
    ' ',
  );
}
