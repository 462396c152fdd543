const ENGLISH = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const CHINESE = '零一二三四五六七八九';

/** For a regular expression: a count in English, "a" included. */
export const ENGLISH_COUNT = `\\d{1,3}|a couple of|an?|${ENGLISH.slice(1).join('|')}`;
/** For a regular expression: a count in Chinese, up to 99, or in digits. */
export const CHINESE_COUNT = '\\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]';

/** Value of a text that {@link ENGLISH_COUNT} matched. */
export function englishCount(text: string): number {
  const word = text.toLowerCase();
  if (/^\d/.test(word)) return Number(word);
  if (word === 'a couple of') return 2;
  return Math.max(1, ENGLISH.indexOf(word));
}

/** Value of a text that {@link CHINESE_COUNT} matched. */
export function chineseCount(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  const digit = (char: string): number => (char === '两' ? 2 : CHINESE.indexOf(char));
  const [tens, ones] = text.split('十');
  if (ones === undefined) return digit(text);
  return (tens ? digit(tens) : 1) * 10 + (ones ? digit(ones) : 0);
}
