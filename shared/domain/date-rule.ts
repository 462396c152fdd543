import type { DayRange } from './calendar.ts';

/** One way to name a date. */
export interface DateRule {
  /** Global; what it matched is not looked at again by later rules. */
  readonly pattern: RegExp;
  /** @param groups the pattern's capture groups, '' for one that took no part */
  readonly ranges: (groups: readonly string[], today: string) => readonly DayRange[];
}

/** Ranges named in the text, rule by rule in the order given. */
export function rangesByRules(text: string, rules: readonly DateRule[], today: string): DayRange[] {
  const found: DayRange[] = [];
  let rest = text;
  for (const { pattern, ranges } of rules) {
    rest = rest.replace(pattern, (match: string, ...more: unknown[]) => {
      const groups = more.slice(
        0,
        more.findIndex((value) => typeof value === 'number'),
      );
      found.push(
        ...ranges(
          groups.map((group) => String(group ?? '')),
          today,
        ),
      );
      return ' '.repeat(match.length);
    });
  }
  return found;
}
