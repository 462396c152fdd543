import { type Commit, RETAINED_VERSIONS } from '../domain/commit.ts';
import { MemoryError, toMemoryError } from '../domain/errors.ts';
import { digest } from '../domain/ids.ts';
import type { Slot } from '../domain/memory.ts';
import type { LifeScope } from '../domain/scope.ts';
import { slotText, type UnitVector } from '../domain/slot-ranking.ts';
import type { Embedder, SlotVector, Store } from './ports.ts';

/** Texts embedded before what came of them is stored: a failure loses one page at most. */
const PAGE = 100;
/** A longer slot is embedded by its beginning: the models' limits lie at 8,000 tokens. */
const MAX_CHARS = 4_000;

export interface SlotVectorDeps {
  readonly store: Pick<Store, 'slotVectors'>;
  readonly slotEmbedder: Embedder | null;
}
type FillDeps = SlotVectorDeps & { readonly store: { readonly commits: Pick<Store['commits'], 'slotsAt'> } };

/** The vectors that could be had, by slot id, and what kept the others away, or null. */
export interface LoadedVectors {
  readonly bySlot: ReadonlyMap<string, UnitVector>;
  readonly failure: MemoryError | null;
}

/**
 * Embeds the slots of a commit that have no vector yet and, every so many versions, removes vectors that no kept
 * version uses. Without an embedding service for slots there is nothing to do. Throws `embedding_unavailable`; what
 * was embedded before stays.
 */
export async function fillSlotVectors(
  scope: LifeScope,
  { version, snapshot }: Pick<Commit, 'version' | 'snapshot'>,
  deps: FillDeps,
): Promise<void> {
  const { store, slotEmbedder } = deps;
  if (slotEmbedder === null) return;
  const wanted = textsByHash(snapshot.slots, store.slotVectors.space);
  const stored = await store.slotVectors.hashes(scope);
  const missing = withoutKeys(wanted, stored);
  await embedMissing(scope, missing, { store, slotEmbedder });
  if (version % RETAINED_VERSIONS !== 0) return;
  const unused = stored.filter((hash) => !wanted.has(hash));
  if (unused.length > 0) await collect(scope, version, unused, deps);
}

/** The slots' vectors; those that are missing are embedded now and stored. Reads only, where all are there. */
export async function loadSlotVectors(
  scope: LifeScope,
  slots: readonly Slot[],
  { store, slotEmbedder }: SlotVectorDeps,
): Promise<LoadedVectors> {
  const { space } = store.slotVectors;
  const wanted = textsByHash(slots, space);
  const found = await store.slotVectors.load(scope, [...wanted.keys()]);
  const byHash = new Map(found.map(({ hash, vector }) => [hash, vector]));
  const missing = withoutKeys(wanted, [...byHash.keys()]);
  let failure: MemoryError | null = null;
  if (slotEmbedder !== null && missing.size > 0) {
    try {
      const made = await embedMissing(scope, missing, { store, slotEmbedder });
      for (const { hash, vector } of made) byHash.set(hash, vector);
    } catch (thrown) {
      failure = toMemoryError(thrown);
    }
  }
  const bySlot = slots.flatMap((slot): [string, UnitVector][] => {
    const vector = byHash.get(hashOf(slot, space));
    return vector === undefined ? [] : [[slot.id, vector]];
  });
  return { bySlot: new Map(bySlot), failure };
}

const embeddedText = (slot: Slot): string => slotText(slot).slice(0, MAX_CHARS);
const hashOf = (slot: Slot, space: string): string => digest(space, embeddedText(slot));

function textsByHash(slots: readonly Slot[], space: string): Map<string, string> {
  return new Map(slots.map((slot) => [hashOf(slot, space), embeddedText(slot)]));
}

function withoutKeys(texts: ReadonlyMap<string, string>, keys: readonly string[]): Map<string, string> {
  const known = new Set(keys);
  return new Map([...texts].filter(([hash]) => !known.has(hash)));
}

async function embedMissing(
  scope: LifeScope,
  missing: ReadonlyMap<string, string>,
  { store, slotEmbedder }: { store: SlotVectorDeps['store']; slotEmbedder: Embedder },
): Promise<SlotVector[]> {
  const made: SlotVector[] = [];
  const entries = [...missing];
  for (let at = 0; at < entries.length; at += PAGE) {
    const page = entries.slice(at, at + PAGE);
    const texts = page.map(([, text]) => text);
    const vectors = await slotEmbedder.embed(texts, 'document');
    if (vectors.length !== texts.length) {
      const counts = `${vectors.length} vectors for ${texts.length} texts`;
      throw new MemoryError('embedding_unavailable', `The embedding service answered with ${counts}.`);
    }
    const rows = page.flatMap(([hash], index) => {
      const vector = vectors[index];
      // As it is stored, so that the next search gives the same scores.
      return vector === undefined ? [] : [{ hash, vector: Float32Array.from(vector) }];
    });
    await store.slotVectors.put(scope, rows);
    made.push(...rows);
  }
  return made;
}

/** A vector that is taken away while a newer version takes it up again is embedded at the next search. */
async function collect(
  scope: LifeScope,
  version: number,
  unused: readonly string[],
  { store }: FillDeps,
): Promise<void> {
  const kept = new Set<string>();
  for (let older = 1; older < RETAINED_VERSIONS; older += 1) {
    const slots = (await store.commits.slotsAt(scope, version - older)) ?? [];
    for (const slot of slots) kept.add(hashOf(slot, store.slotVectors.space));
  }
  await store.slotVectors.remove(
    scope,
    unused.filter((hash) => !kept.has(hash)),
  );
}
