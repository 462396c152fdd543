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
import type { DateRule, Moment } from './date-mention.ts';
import { ENGLISH_COUNT, englishCount } from './numbers.ts';

const MONTH =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const MONTH_STARTS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const WEEKDAYS = WEEKDAY.split('|');
const ORDINAL = '(\\d{1,2})(?:st|nd|rd|th)?';
const OFFSETS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1 };

const monthNumber = (name = ''): number => MONTH_STARTS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const weekdayNumber = (name = ''): number => WEEKDAYS.indexOf(name.toLowerCase()) + 1;

/** Words with both ends on a boundary; a possessive ("last week's") names something else. */
const words = (source: string): RegExp => new RegExp(`\\b(?:${source})\\b(?!['’]s)`, 'gi');

const day = (source: string, offset: number): DateRule => ({
  pattern: words(source),
  resolve: (_match, moment) => oneDay(addDays(moment.day, offset)),
});

/** A week, month or year is named whole, however many of them lie between: "two weeks ago" is that ISO week. */
function shifted(unit: string, count: number, { day: today }: Moment): Span {
  if (unit === 'day') return oneDay(addDays(today, count));
  if (unit === 'week') return weekSpan(today, count);
  if (unit === 'weekend') return weekendSpan(today, count);
  return unit === 'month'
    ? monthSpan(yearOf(today), monthOf(today) + count)
    : yearSpan(yearOf(today) + count);
}

function dated(
  month: string | undefined,
  date: string | undefined,
  year: string | undefined,
  moment: Moment,
): Span | null {
  const number = monthNumber(month);
  if (year !== undefined) return calendarDay(Number(year), number, Number(date));
  return yearlessDay(moment.day, number, Number(date), moment.tense);
}

/** last: the nearest strictly before; this: of the current ISO week; next: of the next ISO week. */
function relativeWeekday(which: string, weekday: number, today: string): Span {
  if (which === 'last') return oneDay(weekdayBefore(today, weekday));
  return oneDay(dayOfWeek(today, which === 'next' ? 1 : 0, weekday));
}

/** Every way an English sentence is understood to name a date. */
export const ENGLISH_DATES: readonly DateRule[] = [
  day('(?:the )?day before yesterday', -2),
  day('yesterday|last night', -1),
  day('today|tonight|this (?:morning|afternoon|evening)', 0),
  day('tomorrow', 1),
  day('(?:the )?day after tomorrow', 2),
  {
    pattern: words(`(${ENGLISH_COUNT}) (day|week|month|year)s? ago`),
    resolve: (match, moment) =>
      shifted((match[2] ?? '').toLowerCase(), -englishCount(match[1] ?? ''), moment),
  },
  {
    pattern: words(`in (${ENGLISH_COUNT}) (day|week|month|year)s?`),
    resolve: (match, moment) =>
      moment.tense === 'past'
        ? null
        : shifted((match[2] ?? '').toLowerCase(), englishCount(match[1] ?? ''), moment),
  },
  {
    pattern: words('(last|this|next) (weekend|week|month|year)'),
    resolve: (match, moment) =>
      shifted((match[2] ?? '').toLowerCase(), OFFSETS[(match[1] ?? '').toLowerCase()] ?? 0, moment),
  },
  {
    pattern: words(`(last|this|next) (${WEEKDAY})`),
    resolve: (match, moment) =>
      relativeWeekday((match[1] ?? '').toLowerCase(), weekdayNumber(match[2]), moment.day),
  },
  {
    pattern: words(`this (past|coming) (${WEEKDAY})`),
    resolve: (match, { day: today }) =>
      oneDay((match[1] === 'past' ? weekdayBefore : weekdayAfter)(today, weekdayNumber(match[2]))),
  },
  {
    pattern: words(`(?<=\\b(?:on|by|until|since) )(${WEEKDAY})`),
    resolve: (match, { day: today, tense }) =>
      tense === null
        ? null
        : oneDay((tense === 'past' ? weekdayBefore : weekdayAfter)(today, weekdayNumber(match[1]))),
  },
  {
    pattern: words(`(${MONTH})\\.? ${ORDINAL}(?:,? (\\d{4}))?`),
    resolve: (match, moment) => dated(match[1], match[2], match[3], moment),
  },
  {
    pattern: words(`(?:the )?${ORDINAL}(?: of)? (${MONTH})(?:,? (\\d{4}))?`),
    resolve: (match, moment) => dated(match[2], match[1], match[3], moment),
  },
  {
    pattern: words('(\\d{4})-(\\d{2})-(\\d{2})'),
    resolve: (match) => calendarDay(Number(match[1]), Number(match[2]), Number(match[3])),
  },
  {
    pattern: words(`(${MONTH}),? (\\d{4})`),
    resolve: (match) => monthSpan(Number(match[2]), monthNumber(match[1])),
  },
  {
    pattern: words(`(?<=\\b(?:in|by|until|since) )(${MONTH})`),
    resolve: (match, moment) => yearlessMonth(moment.day, monthNumber(match[1]), moment.tense),
  },
  {
    pattern: words(`(last|next) (${MONTH})`),
    resolve: (match, { day: today }) =>
      yearlessMonth(
        today,
        monthNumber(match[2]),
        match[1]?.toLowerCase() === 'last' ? 'past' : 'future',
        true,
      ),
  },
  {
    pattern: words('(?<=\\b(?:in|by|until|since|from) )((?:19|20)\\d{2})'),
    resolve: (match) => yearSpan(Number(match[1])),
  },
];

/** A span in an English sentence; `bare` leaves the preposition to the sentence. */
export function englishSpan(span: Span, bare: boolean): string {
  const from = span.from ?? span.to ?? '';
  switch (extentOf(span)) {
    case 'day':
      return bare ? from : `on ${from}`;
    case 'month':
      return bare ? from.slice(0, 7) : `in ${from.slice(0, 7)}`;
    case 'year':
      return bare ? from.slice(0, 4) : `in ${from.slice(0, 4)}`;
    case 'days':
      return bare ? `${from} to ${span.to}` : `between ${from} and ${span.to}`;
  }
}
