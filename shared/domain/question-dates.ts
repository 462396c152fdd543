import type { DayRange } from './calendar.ts';
import { CHINESE_DATES } from './chinese-dates.ts';
import { rangesByRules } from './date-rule.ts';
import { ENGLISH_DATES } from './english-dates.ts';
import { asIsoDay } from './time.ts';

/** A question that lists more dates than this asks for none of them in particular. */
const MAX_RANGES = 24;

/**
 * The days a question names, in English or Chinese: whole dates, months, years, seasons, holidays and words relative
 * to the asking day ("last May", "two weeks ago", "上周三", "去年国庆"). A date without a year gives one range per
 * recent year, latest first; weeks run from Monday to Sunday.
 *
 * @param today the asking day, `YYYY-MM-DD`
 */
export function questionDates(question: string, today: string): DayRange[] {
  const text = question.normalize('NFKC');
  const ranges = [...rangesByRules(text, CHINESE_DATES, today), ...rangesByRules(text, ENGLISH_DATES, today)];
  const real = ranges.filter(
    ({ from, to }) => asIsoDay(from) !== null && asIsoDay(to) !== null && from <= to,
  );
  const distinct = new Map(real.map((range) => [`${range.from}/${range.to}`, range]));
  return [...distinct.values()].slice(0, MAX_RANGES);
}
