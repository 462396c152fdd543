import type { MemoryEvent } from '../domain/memory.ts';
import type { Scope } from '../domain/scope.ts';
import { DAY_MS } from '../domain/time.ts';
import { estimateTokens } from '../domain/tokens.ts';
import type { Deps } from './ports.ts';

/** The wire protocol's fixed window. */
const WINDOW_MS = 21 * DAY_MS;

/**
 * The newest events of the last 21 days; none for an unknown user. With a token limit, whole events are kept from
 * the newest on while their estimated tokens fit.
 */
export async function listEvents(
  { scope, topk, maxTokens }: { scope: Scope; topk: number; maxTokens: number | null },
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
): Promise<readonly MemoryEvent[]> {
  const head = await store.commits.head(scope);
  if (head === null || head.life === 0 || topk === 0) return [];
  const events = await store.timeline.newestEvents({ ...scope, life: head.life }, clock() - WINDOW_MS, topk);
  if (maxTokens === null) return events;
  let used = 0;
  const end = events.findIndex((event) => {
    used += estimateTokens(eventText(event));
    return used > maxTokens;
  });
  return end === -1 ? events : events.slice(0, end);
}

/** What counts of an event: its tip and tags, or without a tip what it changed in the profile. */
function eventText({ tip, tags, delta }: MemoryEvent): string {
  if (tip === '') return delta.map(({ content }) => content).join('\n');
  return [...(tags ?? []).map(({ tag, value }) => `- ${tag}: ${value}`), tip].join('\n');
}
