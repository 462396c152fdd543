import {
  addDays,
  calendarDay,
  dayOfWeek,
  extentOf,
  monthOf,
  monthSpan,
  oneDay,
  type Span,
  weekdayAfter,
  weekdayBefore,
  weekendSpan,
  weekSpan,
  yearlessDay,
  yearlessMonth,
  yearOf,
  yearSpan,
} from './calendar.ts';
import type { DateRule } from './date-mention.ts';
import { CHINESE_COUNT, chineseCount } from './numbers.ts';

const DAYS: Readonly<Record<string, number>> = { 大前天: -3, 前天: -2, 明天: 1, 明日: 1, 后天: 2, 大后天: 3 };
const DAY_PREFIXES: Readonly<Record<string, number>> = { 昨: -1, 今: 0, 明: 1 };
const YEARS: Readonly<Record<string, number>> = { 大前: -3, 前: -2, 去: -1, 今: 0, 明: 1, 后: 2 };
const OFFSETS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };
const WEEK = '(?:周|星期|礼拜)';
const N = `(${CHINESE_COUNT})`;

const weekdayNumber = (char: string): number => '一二三四五六日'.indexOf(char === '天' ? '日' : char) + 1;
const count = (text: string | undefined): number => (text === undefined ? Number.NaN : chineseCount(text));

/** Year, and month and date where they were said. */
function yearMonthDate(year: number, month: string | undefined, date: string | undefined): Span | null {
  if (month === undefined) return yearSpan(year);
  const number = count(month);
  if (number < 1 || number > 12) return null;
  return date === undefined ? monthSpan(year, number) : calendarDay(year, number, count(date));
}

function inWeek(today: string, weeks: number, part: string | undefined): Span {
  if (part === undefined) return weekSpan(today, weeks);
  return part === '末' ? weekendSpan(today, weeks) : oneDay(dayOfWeek(today, weeks, weekdayNumber(part)));
}

function shifted(today: string, unit: string, by: number): Span {
  if (/[天日]/.test(unit)) return oneDay(addDays(today, by));
  if (/周|星期|礼拜/.test(unit)) return weekSpan(today, by);
  return unit.includes('月') ? monthSpan(yearOf(today), monthOf(today) + by) : yearSpan(yearOf(today) + by);
}

/**
 * Every way a Chinese sentence is understood to name a date. 上周三 is the Wednesday of the ISO week before, 下周三
 * of the one after; a bare 周三 is the nearest one on the side the verb points to. The part of the day in 昨晚 stays
 * in the sentence.
 */
export const CHINESE_DATES: readonly DateRule[] = [
  {
    pattern: /大前天|前天|明[天日]|大后天|(?<![以之然])后天/g,
    resolve: (match, { day }) => oneDay(addDays(day, DAYS[match[0]] ?? 0)),
  },
  {
    pattern: /([昨今])[天日]|([昨今明])(?=[早晚])/g,
    resolve: (match, { day }) => oneDay(addDays(day, DAY_PREFIXES[match[1] ?? match[2] ?? ''] ?? 0)),
  },
  {
    pattern: new RegExp(`${N}(天|日|周|个?星期|个?礼拜|个月|年)(?:之|以)?([前后])(?!面)`, 'g'),
    resolve: (match, { day }) =>
      shifted(day, match[2] ?? '', match[3] === '前' ? -count(match[1]) : count(match[1])),
  },
  {
    pattern: new RegExp(`(上上|上|这|本|下下|下)一?个?${WEEK}([一二三四五六日天末])?`, 'g'),
    resolve: (match, { day }) => inWeek(day, OFFSETS[match[1] ?? ''] ?? 0, match[2]),
  },
  {
    pattern: new RegExp(`(?<![早晚])(上上|上|这|本|下下|下)个?月(?!亮)(?:${N}[号日])?`, 'g'),
    resolve: (match, { day }) => {
      const month = monthSpan(yearOf(day), monthOf(day) + (OFFSETS[match[1] ?? ''] ?? 0));
      if (match[2] === undefined || month.from === null) return month;
      return calendarDay(yearOf(month.from), monthOf(month.from), count(match[2]));
    },
  },
  {
    pattern: new RegExp(
      `(大前|前|去|今|明|(?<![以之然])后)年(?!\\s*(?:${CHINESE_COUNT})岁)(?:${N}月份?(?:${N}[号日])?)?`,
      'g',
    ),
    resolve: (match, { day }) =>
      yearMonthDate(yearOf(day) + (YEARS[match[1] ?? ''] ?? 0), match[2], match[3]),
  },
  {
    pattern: new RegExp(`(\\d{4})年(?:${N}月份?(?:${N}[号日])?)?`, 'g'),
    resolve: (match) => yearMonthDate(Number(match[1]), match[2], match[3]),
  },
  {
    pattern: /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/g,
    resolve: (match) => calendarDay(Number(match[1]), Number(match[2]), Number(match[3])),
  },
  {
    pattern: new RegExp(`${N}月${N}[号日]`, 'g'),
    resolve: (match, { day, tense }) => yearlessDay(day, count(match[1]), count(match[2]), tense),
  },
  {
    pattern: new RegExp(`${N}月份?`, 'g'),
    resolve: (match, { day, tense }) => yearlessMonth(day, count(match[1]), tense),
  },
  {
    pattern: new RegExp(`(?<![上下这本每个一两几\\d])${WEEK}([一二三四五六日天])`, 'g'),
    resolve: (match, { day, tense }) =>
      tense === null
        ? null
        : oneDay((tense === 'past' ? weekdayBefore : weekdayAfter)(day, weekdayNumber(match[1] ?? ''))),
  },
];

/** A span in a Chinese sentence. */
export function chineseSpan(span: Span): string {
  const from = span.from ?? span.to ?? '';
  switch (extentOf(span)) {
    case 'day':
      return from;
    case 'month':
      return `${yearOf(from)}年${monthOf(from)}月`;
    case 'year':
      return `${yearOf(from)}年`;
    case 'days':
      return `${from}至${span.to}`;
  }
}
