import { isSingleTokenHan } from './single-token-han.ts';

/** The units o200k_base cuts a text into before it merges bytes, coarsely. A blank before a word is the word's. */
const PIECES =
  /(?<joined> (?=[!-/:-~]))|[A-Z]*[a-z]+|[A-Z]+|\d+|\p{Script=Han}|\s+|(?<mark>[!-/:-@[-`{-~])\k<mark>*|./gsu;

/** Characters beyond ASCII and Han that are one token each: letters of other alphabets, kana, punctuation. */
const SINGLE_TOKEN =
  /[À-ÚÜ-ĉāăąćčđēęěğīłńňōőřśşšťūůűźżž‐‑–—‘’‚“”„•․…‰′″‹›Α-Ρά-ία-ώА-яёא-תأ-غـ-ي、。々《》「」『』【】〜！％（），－．／０-９：；？～あいうえおか-ちつ-にね-びふ-べほ-みむ-もやよ-るれろわをんアイウエ-チッツテ-ナニネ-ハバヒビフ-ミムメモ-ラルロンー]/u;

/** By letter: the letters that hardly ever follow it within an English word. */
const ODD_NEXT: Readonly<Record<string, string>> = {
  a: 'ahjoq',
  b: 'dfghkmnpvwxz',
  c: 'bdfgjmpqvwxz',
  d: 'cfhjkpqwxz',
  e: 'z',
  f: 'bcdghjkmnpqsvwxz',
  g: 'bcdfjkmpqvwxz',
  h: 'cdfghjknpqvwxz',
  i: 'hijquwy',
  j: 'abcdfghjklmnpqrtvwxyz',
  k: 'bcdghjkmpqrvwxz',
  l: 'ghjqrwxz',
  m: 'cdghjklqrvwxz',
  n: 'hmqrwxz',
  o: 'hq',
  p: 'cjnqvwxz',
  q: 'abcdefghijklmnopqrstvwxyz',
  r: 'hjqxz',
  s: 'djqrvxz',
  t: 'gjkqvxz',
  u: 'hjkquvwxyz',
  v: 'bcdghjklmnpqrstuvwxyz',
  w: 'bdfgjkmpqtuvwxyz',
  x: 'bdfghjklmnoqrsuvwxyz',
  y: 'ghjkqruvwxyz',
  z: 'bcdfghjklmnpqrstuvwxz',
};

/** Spread over the whole text: short texts are the ones where a single rare word weighs. */
const SLACK = 1;

/**
 * An estimate of a text's o200k_base tokens without the tokenizer, meant never to be below the truth: close above it
 * on ordinary English and Chinese, further above on code, and bounded by characters and bytes on anything unusual.
 */
export function estimateTokens(text: string): number {
  if (text === '') return 0;
  let tokens = SLACK;
  let afterBlank = false;
  for (const match of text.matchAll(PIECES)) {
    const joined = match.groups?.['joined'] !== undefined;
    if (!joined) tokens += pieceTokens(match[0], afterBlank);
    afterBlank = joined;
  }
  return Math.ceil(tokens);
}

function pieceTokens(piece: string, afterBlank: boolean): number {
  const code = piece.codePointAt(0) ?? 0;
  if (code >= 0x80) return isSingleTokenHan(code) || SINGLE_TOKEN.test(piece) ? 1 : Buffer.byteLength(piece);
  if (/\d/.test(piece)) return Math.ceil(piece.length / 3);
  if (/[a-z]/i.test(piece)) return wordTokens(piece, afterBlank);
  if (/\s/.test(piece)) return blankTokens(piece);
  return piece.length < 3 ? piece.length : 2 + piece.length / 4;
}

/** A run of the same blank merges well, a line break ends a unit. */
function blankTokens(blanks: string): number {
  const runs = blanks.match(/(.)\1*/gs) ?? [];
  return runs.reduce((sum, run) => sum + 1 + Math.floor(run.length / 8), 0);
}

/** The vocabulary knows most words best in lower case behind a blank. */
function wordTokens(word: string, afterBlank: boolean): number {
  const { length } = word;
  if (length === 1) return 1;
  const lower = word.toLowerCase();
  if (!isSpelt(lower)) return Math.min(length, Math.ceil(length * 0.7) + 1);
  if (word === lower && afterBlank) return 1 + 0.06 * Math.max(0, length - 4);
  return 1 + (word.slice(1) === lower.slice(1) ? 0.15 : 0.4) * Math.max(0, length - 3);
}

function isSpelt(word: string): boolean {
  for (let index = 1; index < word.length; index += 1) {
    if (ODD_NEXT[word.charAt(index - 1)]?.includes(word.charAt(index))) return false;
  }
  return true;
}
