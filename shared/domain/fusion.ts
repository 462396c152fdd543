/** Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (SIGIR 2009). */
export const RRF_K = 60;

export interface Ranking {
  /** Best first. */
  readonly ids: readonly string[];
  /** How much this ranking counts; 1 when absent. */
  readonly weight?: number;
}

/** Sum over the rankings of `weight / (60 + rank)`, rank from 1, for every id that any of them holds. */
export function reciprocalRankFusion(rankings: readonly Ranking[]): Map<string, number> {
  const scores = new Map<string, number>();
  for (const { ids, weight = 1 } of rankings) {
    ids.forEach((id, index) => {
      scores.set(id, (scores.get(id) ?? 0) + weight / (RRF_K + index + 1));
    });
  }
  return scores;
}
