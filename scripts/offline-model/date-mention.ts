import type { Span, Tense } from './calendar.ts';

/** The day a line was said and the way its verb looks. */
export interface Moment {
  readonly day: string;
  readonly tense: Tense;
}

/** One way of naming a date. The pattern is global; `resolve` gives null where the words name no date after all. */
export interface DateRule {
  readonly pattern: RegExp;
  resolve(match: RegExpExecArray, moment: Moment): Span | null;
}

/** Where a text names a date, and which. */
export interface DateMention {
  readonly start: number;
  readonly end: number;
  readonly span: Span;
}

/** All dates a text names, left to right; of overlapping readings the one that starts first, then the longest. */
export function findDates(text: string, rules: readonly DateRule[], moment: Moment): DateMention[] {
  const found: DateMention[] = [];
  for (const rule of rules) {
    for (const match of text.matchAll(rule.pattern)) {
      const span = rule.resolve(match, moment);
      if (span !== null) found.push({ start: match.index, end: match.index + match[0].length, span });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((mention, index) => !found.slice(0, index).some((other) => other.end > mention.start));
}

/**
 * When the thing happens: the first date named. An open end ("from 3 May ...") is closed by the next date that
 * has only an end ("... to 7 May").
 */
export function happening(spans: readonly Span[]): Span {
  const [first, second] = spans;
  if (first === undefined) return { from: null, to: null };
  return first.to === null && second?.from === null ? { from: first.from, to: second.to } : first;
}

/** Whether a text says when and nothing else. */
export function isOnlyDate(text: string, rules: readonly DateRule[]): boolean {
  const [only, ...others] = findDates(text, rules, { day: '2000-01-01', tense: 'past' });
  return only !== undefined && others.length === 0 && only.start === 0 && only.end === text.trimEnd().length;
}

/** Puts a first part that is only a date back in front of the second. */
export function withLeadingDate(parts: readonly string[], isDate: (part: string) => boolean): string[] {
  const [first = '', second, ...others] = parts;
  return second !== undefined && isDate(first) ? [first + second, ...others] : [...parts];
}
