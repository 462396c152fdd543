import {
  addDays,
  calendarDay,
  type DayRange,
  everyYear,
  latestPast,
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
import { type DateRule, rangesByRules } from './date-rule.ts';
import { ENGLISH_HOLIDAYS } from './holidays.ts';

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const COUNTS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  'a couple of': 2,
  'a few': 3,
};

const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?';
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';
const YEAR = '((?:19|20)\\d\\d)\\b';
const SEASON = '(spring|summer|autumn|fall|winter)';
const COUNT = `(\\d{1,3}|${Object.keys(COUNTS)
  .sort((a, b) => b.length - a.length)
  .join('|')})`;
const HOLIDAY = `(${Object.keys(ENGLISH_HOLIDAYS).join('|')})`.replaceAll("'", "[’']?");

const rule = (source: string, ranges: DateRule['ranges'], flags = 'gi'): DateRule => ({
  pattern: new RegExp(`(?<![\\w-])${source}`, flags),
  ranges,
});

const monthNumber = (name: string): number =>
  MONTHS.findIndex((month) => month.startsWith(name.toLowerCase().replace('sept', 'sep').slice(0, 3))) + 1;
const countOf = (text: string): number => COUNTS[text.toLowerCase()] ?? Number(text);

function seasonNamed(name: string): Season {
  const lower = name.toLowerCase();
  return lower === 'fall' ? 'autumn' : (lower as Season);
}

function dayOrEveryYear(day: string, month: string, year: string, today: string): DayRange[] {
  const inYear = (number: number): DayRange[] => calendarDay(number, monthNumber(month), Number(day));
  return year === '' ? everyYear(today, inYear) : inYear(Number(year));
}

/** `last`: the latest that is over; `this`: this year's; `next`: the first to come; nothing: every recent year's. */
function byWord(word: string, today: string, rangeIn: (year: number) => DayRange): DayRange[] {
  const { year } = partsOf(today);
  switch (word.toLowerCase()) {
    case 'last':
    case 'past':
    case 'previous':
      return latestPast(today, (number) => [rangeIn(number)]);
    case 'this':
      return [rangeIn(year)];
    case 'next':
      return [rangeIn(year), rangeIn(year + 1)].filter(({ from }) => from > today).slice(0, 1);
    default:
      return everyYear(today, (number) => [rangeIn(number)]);
  }
}

function relativeUnit(word: string, unit: string, today: string): DayRange[] {
  const { year, month } = partsOf(today);
  const lower = word.toLowerCase();
  const shift = lower === 'this' ? 0 : lower === 'next' ? 1 : -1;
  switch (unit.toLowerCase()) {
    case 'week':
      return [weekRange(today, shift)];
    case 'weekend':
      return [weekendRange(today, shift)];
    case 'month':
      return [monthRange(year, month + shift)];
    case 'year':
      return [yearRange(year + shift)];
    default: {
      const weekday = WEEKDAYS.indexOf(unit.toLowerCase()) + 1;
      return [shift === -1 ? previousWeekday(today, weekday) : weekdayIn(today, shift, weekday)];
    }
  }
}

const WHOLE_DATES: readonly DateRule[] = [
  rule('(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?!\\d)', ([year, month, day]) =>
    calendarDay(Number(year), Number(month), Number(day)),
  ),
  rule(`${DAY}(?: of)? ${MONTH}(?:,? ${YEAR})?`, ([day = '', month = '', year = ''], today) =>
    dayOrEveryYear(day, month, year, today),
  ),
  rule(`${MONTH} ${DAY}(?!\\d)(?:,? ${YEAR})?`, ([month = '', day = '', year = ''], today) =>
    dayOrEveryYear(day, month, year, today),
  ),
];
const WHOLE_DATE =
  `(?:\\d{4}-\\d{1,2}-\\d{1,2}|${DAY}(?: of)? ${MONTH}(?:,? ${YEAR})?|${MONTH} ${DAY}(?!\\d)(?:,? ${YEAR})?)`.replace(
    /\((?!\?)/g,
    '(?:',
  );

/** "two weeks before 11 August 2023": the time from then to the date, because it may have been told on the date. */
function around(count: string, unit: string, direction: string, date: string, today: string): DayRange[] {
  const days =
    (count === '' ? 1 : countOf(count)) *
    ({ day: 1, week: 7, weekend: 7, month: 31 }[unit.toLowerCase()] ?? 7);
  return rangesByRules(date, WHOLE_DATES, today).map(({ from, to }) =>
    direction.toLowerCase() === 'before'
      ? { from: addDays(from, -days), to }
      : { from, to: addDays(to, days) },
  );
}

/** Most specific first. */
export const ENGLISH_DATES: readonly DateRule[] = [
  rule(
    `(?:${COUNT} )?(day|week|weekend|month)s? (before|after) (${WHOLE_DATE})`,
    ([count = '', unit = '', direction = '', date = ''], today) =>
      around(count, unit, direction, date, today),
  ),
  ...WHOLE_DATES,
  rule('(\\d{4})-(\\d{2})(?![-\\d])', ([year, month]) => [monthRange(Number(year), Number(month))]),
  rule(`${MONTH}(?: of)?,? ${YEAR}`, ([month = '', year]) => [monthRange(Number(year), monthNumber(month))]),
  rule(`(last|past|this|next) ${MONTH}`, ([word = '', month = ''], today) =>
    byWord(word, today, (year) => monthRange(year, monthNumber(month))),
  ),
  rule(
    `(?:in|during|since|until|by|of|early|mid|late|from|before|after)[ -]${MONTH}`,
    ([month = ''], today) => everyYear(today, (year) => [monthRange(year, monthNumber(month))]),
  ),
  rule(
    '(January|February|April|June|July|September|October|November|December)\\b',
    ([month = ''], today) => everyYear(today, (year) => [monthRange(year, monthNumber(month))]),
    'g',
  ),
  rule(`${SEASON}(?: of)? ${YEAR}`, ([season = '', year]) => [
    seasonRange(Number(year), seasonNamed(season)),
  ]),
  rule(`(last|past|this|next|in|during|over)(?: the)? ${SEASON}\\b`, ([word = '', season = ''], today) =>
    byWord(word, today, (year) => seasonRange(year, seasonNamed(season))),
  ),
  rule(
    `(?:(last|this|next) )?${HOLIDAY}(?:,? (?:of |in )?${YEAR})?`,
    ([word = '', name = '', year = ''], today) => {
      const holiday = ENGLISH_HOLIDAYS[holidayKey(name)];
      if (holiday === undefined) return [];
      return year === '' ? byWord(word, today, holiday) : [holiday(Number(year))];
    },
  ),
  rule(
    `(last|past|previous|this|next) (week|weekend|month|year|${WEEKDAYS.join('|')})\\b`,
    ([word = '', unit = ''], today) => relativeUnit(word, unit, today),
  ),
  rule(`${COUNT} (day|week|month|year)s? ago`, ([count = '', unit = ''], today) => [
    unitsAgo(today, countOf(count), unit.toLowerCase() as 'day' | 'week' | 'month' | 'year'),
  ]),
  rule('day before yesterday', (_, today) => [oneDay(addDays(today, -2))]),
  rule('(?:yesterday|last night)\\b', (_, today) => [oneDay(addDays(today, -1))]),
  rule('(?:today|tonight|this (?:morning|afternoon|evening))\\b', (_, today) => [oneDay(today)]),
  rule('tomorrow\\b', (_, today) => [oneDay(addDays(today, 1))]),
  rule(`(?:on )?(${WEEKDAYS.join('|')})\\b`, ([weekday = ''], today) => [
    previousWeekday(today, WEEKDAYS.indexOf(weekday.toLowerCase()) + 1),
  ]),
  rule(`${YEAR}(?![-/年])`, ([year]) => [yearRange(Number(year))]),
];

function holidayKey(written: string): string {
  const plain = written.toLowerCase().replace(/[’']/g, '');
  return Object.keys(ENGLISH_HOLIDAYS).find((name) => name.replace("'", '') === plain) ?? '';
}
