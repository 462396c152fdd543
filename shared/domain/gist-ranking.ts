import { inverseFrequency } from './bm25.ts';
import type { DayRange } from './calendar.ts';
import { type Gist, gistDay } from './memory.ts';
import { terms as termsOf } from './segment.ts';

/**
 * What is added to a gist's fused score, in which the first place of one arm is worth 1/61 = 0.0164. Set on three
 * LoCoMo conversations (677 gists, 385 questions with evidence): share of the evidence found in 500 / 1000 / 2000 tokens,
 * each line with all lines above it; multi-hop at 1000 .709 -> .719. The values stand in the middle of a plateau.
 */
export const RANKING_BONUS = {
  /** The question names the gist's day, month or year. .698 / .742 / .769 -> .706 / .750 / .775 */
  namedDay: 0.015,
  /** Stands beside one of the best hits in the same conversation; half of it two places away. -> .722 / .755 / .778 */
  neighbour: 0.01,
  /** Shares telling words with the best hits; the most similar candidate gets all of it. -> .727 / .759 / .780 */
  feedback: 0.005,
} as const;

/**
 * The best hits keep their places: what is only related must not push out what was found, which a budget of a few
 * gists would feel most. On our own Chinese set, words only, at 12.7 % of the memory: .621 -> .775; LoCoMo unchanged.
 */
const UNMOVED = 5;
const NEIGHBOURS_OF = 5;
const NEIGHBOUR_DISTANCE = 2;
const FEEDBACK_FROM = 10;
const FEEDBACK_TERMS = 20;

export interface RankingInput {
  readonly gists: readonly Gist[];
  /** By gist id: what the arms say about it, fused. */
  readonly fused: ReadonlyMap<string, number>;
  readonly query: string;
  /** Days that the question names. */
  readonly days: readonly DayRange[];
}
export interface ScoredGist {
  readonly gist: Gist;
  /** Index terms of its text. */
  readonly terms: readonly string[];
  readonly score: number;
}
interface Candidate {
  readonly gist: Gist;
  readonly terms: readonly string[];
  readonly words: ReadonlySet<string>;
  score: number;
}

/** Orders gists that the arms found, best first; the same input always gives the same order. */
export function rankGists(
  { gists, fused, query, days }: RankingInput,
  bonus: Record<keyof typeof RANKING_BONUS, number> = RANKING_BONUS,
): ScoredGist[] {
  const candidates = gists.map((gist): Candidate => {
    const found = termsOf(gist.text);
    const named = days.some((range) => isOn(gist, range)) ? bonus.namedDay : 0;
    return { gist, terms: found, words: new Set(found), score: (fused.get(gist.id) ?? 0) + named };
  });
  const best = [...candidates].sort(byScore);
  const near = neighbourBonus(best.slice(0, NEIGHBOURS_OF), candidates, bonus.neighbour);
  const alike = feedbackBonus(
    best.slice(0, FEEDBACK_FROM),
    candidates,
    new Set(termsOf(query)),
    bonus.feedback,
  );
  const rest = best.slice(UNMOVED);
  for (const candidate of rest) {
    candidate.score += (near.get(candidate) ?? 0) + (alike.get(candidate) ?? 0);
  }
  const ranked = [...best.slice(0, UNMOVED), ...rest.sort(byScore)];
  return ranked.map(({ gist, terms, score }) => ({ gist, terms, score }));
}

/** Ties go to the newer gist. */
function byScore(a: Candidate, b: Candidate): number {
  return b.score - a.score || (a.gist.id < b.gist.id ? 1 : -1);
}

/** Told on one of the days, or about a time that touches them. */
function isOn(gist: Gist, { from, to }: DayRange): boolean {
  const told = gist.mentionedOn;
  if (told !== null && told >= from && told <= to) return true;
  const start = gistDay(gist);
  return start !== null && start <= to && (gist.happenedTo ?? start) >= from;
}

/** Gists of one event lie in the order in which they were told; ids are ordered that way. */
function neighbourBonus(
  best: readonly Candidate[],
  candidates: readonly Candidate[],
  bonus: number,
): Map<Candidate, number> {
  const events = new Map<string, Candidate[]>();
  for (const candidate of [...candidates].sort((a, b) => (a.gist.id < b.gist.id ? -1 : 1))) {
    const siblings = events.get(candidate.gist.eventId);
    if (siblings === undefined) events.set(candidate.gist.eventId, [candidate]);
    else siblings.push(candidate);
  }
  const bonuses = new Map<Candidate, number>();
  for (const hit of best) {
    const siblings = events.get(hit.gist.eventId) ?? [];
    const place = siblings.indexOf(hit);
    for (let away = 1; away <= NEIGHBOUR_DISTANCE; away += 1) {
      for (const sibling of [siblings[place - away], siblings[place + away]]) {
        if (sibling === undefined) continue;
        bonuses.set(sibling, Math.max(bonuses.get(sibling) ?? 0, bonus / away));
      }
    }
  }
  return bonuses;
}

/** Pseudo-relevance feedback after Rocchio: the words that set the best hits apart count as if asked for. */
function feedbackBonus(
  best: readonly Candidate[],
  candidates: readonly Candidate[],
  asked: ReadonlySet<string>,
  bonus: number,
): Map<Candidate, number> {
  const weights = feedbackWeights(best, candidates, asked);
  const raw = candidates.map(({ words, terms: { length } }) => {
    let sum = 0;
    for (const word of words) sum += weights.get(word) ?? 0;
    return sum / Math.sqrt(length + 1);
  });
  const most = Math.max(...raw, Number.MIN_VALUE);
  return new Map(candidates.map((candidate, index) => [candidate, (bonus * (raw[index] ?? 0)) / most]));
}

function feedbackWeights(
  best: readonly Candidate[],
  candidates: readonly Candidate[],
  asked: ReadonlySet<string>,
): Map<string, number> {
  const frequency = new Map<string, number>();
  for (const { words } of candidates) {
    for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  }
  const weights = new Map<string, number>();
  for (const { words } of best) {
    for (const word of words) {
      if (asked.has(word)) continue;
      const weight = inverseFrequency(frequency.get(word) ?? 0, candidates.length);
      weights.set(word, (weights.get(word) ?? 0) + weight);
    }
  }
  return new Map([...weights].sort((a, b) => b[1] - a[1]).slice(0, FEEDBACK_TERMS));
}
