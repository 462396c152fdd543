import { changeMemory } from '../../shared/app/change-memory.ts';
import type { Deps, Embedder, Reranker } from '../../shared/app/ports.ts';
import { NO_EFFECTS } from '../../shared/domain/commit.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Slot } from '../../shared/domain/memory.ts';
import { ANN, type Bench, MINUTE, openBench, START_MS } from './fixture.ts';

/** A slot `topic/subTopic: content`, updated so many minutes after the start. */
export function slot(id: string, topic: string, subTopic: string, content: string, minute = 0): Slot {
  return {
    id,
    topic,
    subTopic,
    content,
    attributes: {},
    hits: 1,
    tokens: 10,
    createdMs: START_MS,
    updatedMs: START_MS + minute * MINUTE,
    sources: [],
  };
}

export const PROFILE: readonly Slot[] = [
  slot('jazz', 'interest', 'music', 'Likes jazz', 1),
  slot('guitar', 'interest', 'hobby', 'Plays the guitar', 2),
  slot('job', 'work', 'company', 'Works at Birch Ltd', 3),
  slot('city', 'contact_info', 'city', 'Lives in Porto', 4),
];

/** Unit vectors by a word of the text; cosines with the query "songs" are 0.8, 0.6, 0 and -0.6. */
const VECTORS: Readonly<Record<string, readonly number[]>> = {
  songs: [1, 0],
  jazz: [0.8, 0.6],
  guitar: [0.6, 0.8],
  Birch: [0, 1],
  Porto: [-0.6, 0.8],
};

export interface ScriptedEmbedder extends Embedder {
  readonly texts: string[];
  down: boolean;
}

export function scriptedEmbedder(): ScriptedEmbedder {
  const embedder: ScriptedEmbedder = {
    texts: [],
    down: false,
    async embed(texts) {
      embedder.texts.push(...texts);
      if (embedder.down) throw new MemoryError('embedding_unavailable', 'the service is away');
      return texts.map((text) => {
        const word = Object.keys(VECTORS).find((known) => text.includes(known));
        return [...((word === undefined ? undefined : VECTORS[word]) ?? [0, -1])];
      });
    },
  };
  return embedder;
}

export interface ScriptedReranker extends Reranker {
  readonly asked: { query: string; documents: readonly string[]; limit: number }[];
  down: boolean;
}

/** Prefers the longer document. */
export function scriptedReranker(): ScriptedReranker {
  const reranker: ScriptedReranker = {
    asked: [],
    down: false,
    async rerank(query, documents, limit) {
      reranker.asked.push({ query, documents, limit });
      if (reranker.down) throw new MemoryError('rerank_unavailable', 'the service is away');
      return documents
        .map((document, index) => ({ index, score: document.length / 100 }))
        .sort((a, b) => b.score - a.score)
        .slice(0, limit);
    },
  };
  return reranker;
}

export interface ProfileBench {
  readonly bench: Bench;
  readonly deps: Deps;
  readonly embedder: ScriptedEmbedder;
  readonly reranker: ScriptedReranker;
  /** Makes the slots the user's profile, in a version of its own. */
  save(slots: readonly Slot[]): Promise<void>;
}

export async function openProfileBench(overrides: Partial<Deps> = {}): Promise<ProfileBench> {
  const bench = await openBench();
  const embedder = scriptedEmbedder();
  const reranker = scriptedReranker();
  const deps: Deps = { ...bench.deps, slotEmbedder: embedder, reranker, ...overrides };
  const save = async (slots: readonly Slot[]) => {
    await changeMemory(
      ANN,
      async (latest) => {
        if (latest === null) throw new Error('Ann is gone');
        const snapshot = { ...latest.snapshot, slots };
        return { kind: 'edit_profile', batchId: '', snapshot, effects: NO_EFFECTS };
      },
      deps,
    );
  };
  await save(PROFILE);
  return { bench, deps, embedder, reranker, save };
}
