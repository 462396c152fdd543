import {
  addDays,
  calendarDay,
  type DayRange,
  everyYear,
  monthRange,
  oneDay,
  partsOf,
  previousWeekday,
  type Season,
  seasonRange,
  unitsAgo,
  weekdayIn,
  weekendRange,
  weekRange,
  yearRange,
} from './calendar.ts';
import type { DateRule } from './date-rule.ts';
import { CHINESE_HOLIDAYS } from './holidays.ts';

const DIGITS = '零一二三四五六七八九';
const NUMBER = '(\\d{1,2}|[一二两三四五六七八九十]{1,3})';
const YEAR = '(?:((?:19|20)\\d\\d|[零〇一二三四五六七八九]{4})年|(大前年|前年|去年|今年|明年))';
const SEASONS: Readonly<Record<string, Season>> = { 春: 'spring', 夏: 'summer', 秋: 'autumn', 冬: 'winter' };
const SEASON = '([春夏秋冬])[天季]';
const HOLIDAY = `(${Object.keys(CHINESE_HOLIDAYS).join('|')})`;
const YEAR_WORDS: Readonly<Record<string, number>> = { 大前年: -3, 前年: -2, 去年: -1, 今年: 0, 明年: 1 };
const DAY_WORDS: Readonly<Record<string, number>> = { 大前: -3, 前: -2, 昨: -1, 今: 0, 明: 1, 后: 2 };
const UNITS: Readonly<Record<string, 'day' | 'week' | 'month' | 'year'>> = {
  天: 'day',
  日: 'day',
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  月: 'month',
  年: 'year',
};

const rule = (source: string, ranges: DateRule['ranges']): DateRule => ({
  pattern: new RegExp(source, 'gu'),
  ranges,
});

/** 1 to 99, written in digits or in Chinese. */
function numberOf(text: string): number {
  if (/^\d/.test(text)) return Number(text);
  const [tens, ones] = text.replace('两', '二').split('十');
  if (ones === undefined) return DIGITS.indexOf(tens ?? '');
  return (tens === '' ? 1 : DIGITS.indexOf(tens ?? '')) * 10 + (ones === '' ? 0 : DIGITS.indexOf(ones));
}

function yearOf(written: string, word: string, today: string): number {
  if (word !== '') return partsOf(today).year + (YEAR_WORDS[word] ?? 0);
  return Number(
    [...written.replaceAll('〇', '零')]
      .map((digit) => (DIGITS.includes(digit) ? DIGITS.indexOf(digit) : digit))
      .join(''),
  );
}

function dayOrMonth(year: number, month: string, day: string): DayRange[] {
  const number = numberOf(month);
  if (number < 1 || number > 12) return [];
  return day === '' ? [monthRange(year, number)] : calendarDay(year, number, numberOf(day));
}

/** 上 is -1, 上上 is -2, 下 is 1, 这 and 本 are 0. */
function shiftOf(word: string): number {
  return word.startsWith('上') ? -word.length : word.startsWith('下') ? word.length : 0;
}

/** @param day 一 to 六, 日 or 天, 末 for the weekend, '' for the whole week */
function inWeek(today: string, weeks: number, day: string): DayRange {
  if (day === '') return weekRange(today, weeks);
  return day === '末' ? weekendRange(today, weeks) : weekdayIn(today, weeks, weekdayNumber(day));
}

const weekdayNumber = (day: string): number => '一二三四五六日'.indexOf(day.replace('天', '日')) + 1;

/** Most specific first. */
export const CHINESE_DATES: readonly DateRule[] = [
  rule(
    `${YEAR}的?${NUMBER}月份?(?:${NUMBER}[日号])?`,
    ([year = '', word = '', month = '', day = ''], today) =>
      dayOrMonth(yearOf(year, word, today), month, day),
  ),
  rule(`${YEAR}的?${HOLIDAY}`, ([year = '', word = '', name = ''], today) => {
    const holiday = CHINESE_HOLIDAYS[name];
    return holiday === undefined ? [] : [holiday(yearOf(year, word, today))];
  }),
  rule(`${YEAR}的?${SEASON}`, ([year = '', word = '', season = ''], today) => [
    seasonRange(yearOf(year, word, today), SEASONS[season] ?? 'spring'),
  ]),
  rule(`(上上|上|这|本|下)个?月的?(?:${NUMBER}[日号])?`, ([word = '', day = ''], today) => {
    const { year, month } = partsOf(today);
    const range = monthRange(year, month + shiftOf(word));
    return [day === '' ? range : oneDay(addDays(range.from, numberOf(day) - 1))];
  }),
  rule('(上上|上|这|本|下)个?(?:周|星期|礼拜)([一二三四五六日天末]?)', ([word = '', day = ''], today) => [
    inWeek(today, shiftOf(word), day),
  ]),
  rule(`${NUMBER}个?(天|日|周|星期|礼拜|月|年)(?:以|之)?前`, ([count = '', unit = ''], today) => [
    unitsAgo(today, numberOf(count), UNITS[unit] ?? 'day'),
  ]),
  rule(`(?<![\\d年])${NUMBER}月份?(?:${NUMBER}[日号])?`, ([month = '', day = ''], today) =>
    everyYear(today, (year) => dayOrMonth(year, month, day)),
  ),
  rule('(大前|前|昨|今|明|后)[天日晚早]', ([word = ''], today) => [
    oneDay(addDays(today, DAY_WORDS[word] ?? 0)),
  ]),
  rule(HOLIDAY, ([name = ''], today) => {
    const holiday = CHINESE_HOLIDAYS[name];
    return holiday === undefined ? [] : everyYear(today, (year) => [holiday(year)]);
  }),
  rule(SEASON, ([season = ''], today) =>
    everyYear(today, (year) => [seasonRange(year, SEASONS[season] ?? 'spring')]),
  ),
  rule('(?<![一二两三四五六七八九十每几\\d个])(?:周|星期|礼拜)([一二三四五六日天])', ([day = ''], today) => [
    previousWeekday(today, weekdayNumber(day)),
  ]),
  rule(YEAR, ([year = '', word = ''], today) => [yearRange(yearOf(year, word, today))]),
];
