import { asIsoDay, DAY_MS } from '../../shared/domain/time.ts';

/** First and last day, `YYYY-MM-DD`, both included; null where open. */
export interface Span {
  readonly from: string | null;
  readonly to: string | null;
}

/** Which way a date without a year, or a bare weekday, is to be looked for. */
export type Tense = 'past' | 'future' | null;

const iso = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const yearOf = (day: string): number => Number(day.slice(0, 4));
/** 1 to 12. */
export const monthOf = (day: string): number => Number(day.slice(5, 7));

export function addDays(day: string, days: number): string {
  return iso(utc(day) + days * DAY_MS);
}

export function oneDay(day: string): Span {
  return { from: day, to: day };
}

/** ISO number of the weekday: Monday 1 to Sunday 7. */
export function weekdayOf(day: string): number {
  return new Date(utc(day)).getUTCDay() || 7;
}

/** Monday to Sunday of the ISO week that lies `weeks` after the week of `day`. */
export function weekSpan(day: string, weeks: number): Span {
  const monday = dayOfWeek(day, weeks, 1);
  return { from: monday, to: addDays(monday, 6) };
}

/** Saturday and Sunday of that week. */
export function weekendSpan(day: string, weeks: number): Span {
  return { from: dayOfWeek(day, weeks, 6), to: dayOfWeek(day, weeks, 7) };
}

/** A weekday (1 to 7) of the ISO week that lies `weeks` after the week of `day`. */
export function dayOfWeek(day: string, weeks: number, weekday: number): string {
  return addDays(day, weeks * 7 + weekday - weekdayOf(day));
}

/** The nearest such weekday strictly before `day`. */
export function weekdayBefore(day: string, weekday: number): string {
  const back = (weekdayOf(day) - weekday + 7) % 7;
  return addDays(day, -(back || 7));
}

/** The nearest such weekday strictly after `day`. */
export function weekdayAfter(day: string, weekday: number): string {
  const ahead = (weekday - weekdayOf(day) + 7) % 7;
  return addDays(day, ahead || 7);
}

/** A whole month; `month` may run over either end of the year (0 is December before, 13 January after). */
export function monthSpan(year: number, month: number): Span {
  return { from: iso(Date.UTC(year, month - 1, 1)), to: iso(Date.UTC(year, month, 0)) };
}

export function yearSpan(year: number): Span {
  return { from: `${year}-01-01`, to: `${year}-12-31` };
}

/** A day of the calendar, or null where it does not exist. */
export function calendarDay(year: number, month: number, date: number): Span | null {
  const day = asIsoDay(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`);
  return day === null ? null : oneDay(day);
}

/** The nearest such month and date, today included; looks up to eight years for a 29 February. */
export function yearlessDay(day: string, month: number, date: number, tense: Tense): Span | null {
  if (tense === null) return null;
  for (let distance = 0; distance <= 8; distance++) {
    const span = calendarDay(yearOf(day) + (tense === 'past' ? -distance : distance), month, date);
    if (span?.from && (tense === 'past' ? span.from <= day : span.from >= day)) return span;
  }
  return null;
}

/** The nearest such month; `strict` leaves the current one out. */
export function yearlessMonth(day: string, month: number, tense: Tense, strict = false): Span | null {
  if (tense === null || month < 1 || month > 12) return null;
  const passed = tense === 'past' ? month - monthOf(day) : monthOf(day) - month;
  const other = passed > 0 || (strict && passed === 0);
  return monthSpan(yearOf(day) + (other ? (tense === 'past' ? -1 : 1) : 0), month);
}

/** How much of the calendar a span names; decides how it is written. */
export function extentOf(span: Span): 'day' | 'month' | 'year' | 'days' {
  const { from, to } = span;
  if (from === null || to === null || from === to) return 'day';
  const month = monthSpan(yearOf(from), monthOf(from));
  if (month.from === from && month.to === to) return 'month';
  const year = yearSpan(yearOf(from));
  return year.from === from && year.to === to ? 'year' : 'days';
}
