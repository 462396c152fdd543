import type { ScoredGist } from './gist-ranking.ts';
import { gistDay } from './memory.ts';

/**
 * Leaves one of the gists that say the same in the same words, whatever their case, punctuation and inflection: in
 * the best one's place, the newest of them. An event that happened again on another day is another event.
 */
export function withoutDuplicates(ranked: readonly ScoredGist[]): ScoredGist[] {
  const kept: ScoredGist[] = [];
  const places = new Map<string, number>();
  for (const scored of ranked) {
    const { gist, terms } = scored;
    const key = `${gist.kind === 'event' ? gistDay(gist) : ''} ${terms.join(' ')}`;
    const place = places.get(key);
    const rival = place === undefined ? undefined : kept[place];
    if (place === undefined || rival === undefined) {
      places.set(key, kept.push(scored) - 1);
    } else if (gist.createdMs > rival.gist.createdMs) {
      kept[place] = { ...scored, score: rival.score };
    }
  }
  return kept;
}
