import { shownTokens } from './line-tokens.ts';
import { type Gist, gistDay, gistLine } from './memory.ts';
import { asIsoDay } from './time.ts';

/** o200k_base tokens of `YYYY-MM-DD` and a line break: 3 + 1 digits, two hyphens, 2 + 2 digits, the break. */
export const DAY_HEADING_TOKENS = 7;

/**
 * Takes gists in the order given while they fit; one that does not fit is passed over for smaller ones behind it.
 * A gist costs its stored count, the first of its day the heading as well; see {@link shownTokens} for why that adds up.
 */
export function takeGists<T extends Pick<Gist, 'text' | 'tokens' | 'mentionedOn' | 'happenedFrom'>>(
  gists: readonly T[],
  budget: number,
): T[] {
  const taken: T[] = [];
  const days = new Set<string>();
  let left = budget;
  for (const gist of gists) {
    const day = headingOf(gist);
    const cost =
      shownTokens(gist.text, gist.tokens) + (day === null || days.has(day) ? 0 : DAY_HEADING_TOKENS);
    if (cost > left) continue;
    left -= cost;
    if (day !== null) days.add(day);
    taken.push(gist);
  }
  return taken;
}

/** One line per gist under one heading per day, days and the gists of a day in order of time; undated ones first. */
export function eventSection(gists: readonly Gist[]): string {
  const ordered = [...gists].sort(byTime);
  const lines: string[] = [];
  let heading: string | null = null;
  for (const gist of ordered) {
    const day = headingOf(gist);
    if (day !== null && day !== heading) lines.push(day);
    heading = day;
    lines.push(gistLine(gist));
  }
  return lines.join('\n');
}

function headingOf(gist: Pick<Gist, 'mentionedOn' | 'happenedFrom'>): string | null {
  return asIsoDay(gistDay(gist));
}

function byTime(a: Gist, b: Gist): number {
  const [dayA, dayB] = [headingOf(a) ?? '', headingOf(b) ?? ''];
  if (dayA !== dayB) return dayA < dayB ? -1 : 1;
  return a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1);
}
