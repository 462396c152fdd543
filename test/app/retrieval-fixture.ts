import { get_encoding } from 'tiktoken';
import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import type { Embedder, Search, Store } from '../../shared/app/ports.ts';
import type { ReadContextDeps } from '../../shared/app/read-context.ts';
import { NO_EFFECTS } from '../../shared/domain/commit.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { type Gist, gistLine, type Slot, slotLine } from '../../shared/domain/memory.ts';
import type { LifeScope } from '../../shared/domain/scope.ts';
import { DAY_MS } from '../../shared/domain/time.ts';

export const ANN: LifeScope = { projectId: 'shop', userId: 'ann', life: 1 };
/** 2026-11-23 12:00 UTC, a Monday. */
export const NOW_MS = Date.UTC(2026, 10, 23, 12);

const encoding = get_encoding('o200k_base');
export const count = (text: string): number => encoding.encode_ordinary(text).length;

/** Meaning in three numbers: music, food, sport. */
const MEANINGS: readonly (readonly string[])[] = [
  ['guitar', 'jazz', 'song', 'instrument', '吉他', '爵士'],
  ['soup', 'bread', 'meal', 'cooking', '火锅'],
  ['marathon', 'running', 'exercise', '跑步'],
];
const vectorOf = (text: string): number[] =>
  MEANINGS.map((words) => words.filter((word) => text.includes(word)).length + 0.01);

export interface Bench {
  readonly deps: ReadContextDeps & { readonly store: Store };
  readonly logged: string[];
  /** Texts sent to the embedder. */
  readonly embedded: string[];
  remember(gists: readonly Partial<Gist>[]): Promise<void>;
  know(slots: readonly Partial<Slot>[], life?: number): Promise<void>;
}

/** The read side over the real store and index in memory. */
export async function openBench(
  overrides: { embedder?: Embedder | null; search?: Partial<Search> } = {},
): Promise<Bench> {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  const store = createSqlStore(executor, sqliteDialect);
  const index = await createSqliteSearch(executor, 3);
  const logged: string[] = [];
  const embedded: string[] = [];
  const embedder: Embedder = {
    async embed(texts) {
      embedded.push(...texts);
      return texts.map(vectorOf);
    },
  };
  let version = 0;
  return {
    logged,
    embedded,
    deps: {
      store,
      search: { ...index, ...overrides.search },
      embedder: overrides.embedder === undefined ? embedder : overrides.embedder,
      clock: () => NOW_MS,
      settings: { language: 'en', timeZone: 'UTC' },
      log: (_level, event) => logged.push(event),
    },
    async remember(given) {
      const gists = given.map(gist);
      await store.timeline.putGists(ANN, gists);
      await index.put(
        ANN,
        gists.map(({ id, text, createdMs }) => ({ id, text, createdMs, vector: vectorOf(text) })),
      );
    },
    async know(slots, life = 1) {
      version += 1;
      await store.commits.put(ANN, {
        version,
        author: `author${version}`,
        parent: '',
        kind: 'edit_profile',
        batchId: `batch${version}`,
        snapshot: {
          life,
          user: { data: null, createdMs: 0, updatedMs: 0 },
          slots: slots.map(slot),
          progress: {},
          formerLives: [],
        },
        effects: NO_EFFECTS,
        applied: true,
        createdMs: NOW_MS,
      });
    },
  };
}

export const unavailable = async (): Promise<never> => {
  throw new MemoryError('store_unavailable', 'gone for now');
};

function gist(given: Partial<Gist>, index: number): Gist {
  const text = given.text ?? `gist ${index}`;
  return {
    id: `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    eventId: 'event',
    text,
    kind: 'event',
    mentionedOn: null,
    happenedFrom: null,
    happenedTo: null,
    sources: [],
    tokens: count(`${gistLine({ text })}\n`),
    createdMs: NOW_MS - DAY_MS + index,
    ...given,
  };
}

function slot(given: Partial<Slot>, index: number): Slot {
  const named = { topic: 'interest', subTopic: `thing${index}`, content: `content ${index}`, ...given };
  return {
    id: `slot${index}`,
    attributes: {},
    hits: null,
    tokens: count(`${slotLine(named)}\n`),
    createdMs: 0,
    updatedMs: index,
    sources: [],
    ...named,
  };
}
