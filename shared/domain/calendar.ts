/** Calendar arithmetic on ISO days (`YYYY-MM-DD`), free of time zones. */
export interface DayRange {
  /** First and last day, both included. */
  readonly from: string;
  readonly to: string;
}

/** @param month 1 to 12; values outside wrap into the neighbouring years, as do days outside the month */
export function isoDay(year: number, month: number, day: number): string {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.toISOString().slice(0, 10);
}

export function partsOf(day: string): { year: number; month: number; day: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), day: Number(day.slice(8, 10)) };
}

export function addDays(day: string, days: number): string {
  const { year, month, day: date } = partsOf(day);
  return isoDay(year, month, date + days);
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The Monday of the week the day is in. */
export function mondayOf(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

/** The day as a range, or nothing where the month has no such day. */
export function calendarDay(year: number, month: number, day: number): DayRange[] {
  const iso = isoDay(year, month, day);
  const { month: real, day: kept } = partsOf(iso);
  return real === month && kept === day ? [oneDay(iso)] : [];
}

export const oneDay = (day: string): DayRange => ({ from: day, to: day });

/** @param month as in {@link isoDay} */
export function monthRange(year: number, month: number): DayRange {
  return { from: isoDay(year, month, 1), to: isoDay(year, month + 1, 0) };
}

export function yearRange(year: number): DayRange {
  return { from: isoDay(year, 1, 1), to: isoDay(year, 12, 31) };
}

/** The week that starts `weeks` after the one the day is in, Monday to Sunday. */
export function weekRange(day: string, weeks: number): DayRange {
  const monday = addDays(mondayOf(day), 7 * weeks);
  return { from: monday, to: addDays(monday, 6) };
}

/** Saturday and Sunday of the week that starts `weeks` after the one the day is in. */
export function weekendRange(day: string, weeks: number): DayRange {
  const { to } = weekRange(day, weeks);
  return { from: addDays(to, -1), to };
}

export function weekdayIn(day: string, weeks: number, weekday: number): DayRange {
  return oneDay(addDays(mondayOf(day), 7 * weeks + weekday - 1));
}

/** The latest day before `day` that is that weekday. */
export function previousWeekday(day: string, weekday: number): DayRange {
  const back = (weekdayOf(day) - weekday + 7) % 7 || 7;
  return oneDay(addDays(day, -back));
}

const SEASON_STARTS = { spring: 3, summer: 6, autumn: 9, winter: 12 } as const;
export type Season = keyof typeof SEASON_STARTS;

/** Meteorological season of the northern hemisphere; winter is named after the year it begins in. */
export function seasonRange(year: number, season: Season): DayRange {
  const start = SEASON_STARTS[season];
  return { from: isoDay(year, start, 1), to: isoDay(year, start + 3, 0) };
}

/** How many years back a date without a year may mean. */
const YEARS_BACK = 5;
/** A plan for a day without a year is for one of the coming days, never further away than this. */
const DAYS_AHEAD = 365;

/** What a date without a year can mean on the asking day: the coming one, and those of recent years, latest first. */
export function everyYear(today: string, rangesIn: (year: number) => readonly DayRange[]): DayRange[] {
  const { year } = partsOf(today);
  const horizon = addDays(today, DAYS_AHEAD - 1);
  return Array.from({ length: YEARS_BACK + 2 }, (_, back) => rangesIn(year + 1 - back))
    .flat()
    .filter(({ from }) => from <= horizon);
}

/** Of {@link everyYear}'s ranges the latest that is over: "last May" said in June, or in May. */
export function latestPast(today: string, rangesIn: (year: number) => readonly DayRange[]): DayRange[] {
  return everyYear(today, rangesIn)
    .filter(({ to }) => to < today)
    .slice(0, 1);
}

/** The range a given distance before the asking day, as wide as the unit it is told in. */
export function unitsAgo(today: string, count: number, unit: 'day' | 'week' | 'month' | 'year'): DayRange {
  const { year, month } = partsOf(today);
  switch (unit) {
    case 'day':
      return oneDay(addDays(today, -count));
    case 'week':
      return weekRange(today, -count);
    case 'month':
      return monthRange(year, month - count);
    case 'year':
      return yearRange(year - count);
    default:
      return unit satisfies never;
  }
}
