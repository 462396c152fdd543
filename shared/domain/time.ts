export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The next whole minute, so that reminders of one minute coincide. */
export function wholeMinute(timeMs: number): number {
  return Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Calendar day of an instant in a zone, `YYYY/MM/DD` as the wire protocol writes it. */
export function dayOf(timeMs: number, timeZone: string): string {
  return isoDayOf(timeMs, timeZone).replaceAll('-', '/');
}

/** Calendar day of an instant in a zone, `YYYY-MM-DD`. */
export function isoDayOf(timeMs: number, timeZone: string): string {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(timeMs);
}

/** Whether the runtime knows the IANA zone name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-CA', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The hour an instant falls in, counted from the epoch; receipts are grouped by it. */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

const DAY_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A `YYYY-MM-DD` that names a real calendar day, else null. */
export function asIsoDay(text: string | null | undefined): string | null {
  const match = DAY_PATTERN.exec(text ?? '');
  if (match === null) return null;
  const time = Date.parse(`${match[0]}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== match[0] ? null : match[0];
}

const LEADING_DAY = /^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})/;

/** The calendar day that a message's free-text `created_at` begins with, `YYYY-MM-DD`, else null. */
export function leadingDay(createdAt: string | null): string | null {
  const match = LEADING_DAY.exec(createdAt ?? '');
  if (match === null) return null;
  const [, year, month, day] = match;
  return asIsoDay(`${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`);
}
