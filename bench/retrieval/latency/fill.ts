import { createSqliteSearch } from '../../../shared/adapters/search/sqlite.ts';
import { sqliteDialect } from '../../../shared/adapters/sql/dialect.ts';
import { openSqlite } from '../../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../../shared/adapters/sql/store.ts';
import { type Commit, NO_EFFECTS } from '../../../shared/domain/commit.ts';
import { timeOrderedId } from '../../../shared/domain/ids.ts';
import { type Gist, gistLine, type Slot, slotLine } from '../../../shared/domain/memory.ts';
import { DEFAULT_PROJECT, type LifeScope } from '../../../shared/domain/scope.ts';
import { countTokens } from '../exact-tokens.ts';
import { hashedEmbedding } from '../hashed-embedding.ts';
import { createSentences } from './sentences.ts';

const USERS_PER_TRANSACTION = 1_000;
const GIST_WORDS = 12;
const GISTS_PER_EVENT = 10;
const SLOTS = 60;
const SLOT_WORDS = 8;
const HOUR_MS = 60 * 60_000;
/** Midnight, 1 January 2026, UTC. */
const NEWEST_MS = 1_767_225_600_000;

export interface FillOptions {
  readonly path: string;
  readonly dimension: number;
  /** Users `from` to `to`, both included, get `gists` gists each. */
  readonly from: number;
  readonly to: number;
  readonly gists: number;
}

export const userScope = (user: number): LifeScope => ({
  projectId: DEFAULT_PROJECT,
  userId: `user-${user}`,
  life: 1,
});

/** Writes users into a migrated database through the store itself, but many to a transaction. */
export async function fillUsers({ path, dimension, from, to, gists }: FillOptions): Promise<void> {
  const executor = await openSqlite(path);
  await executor.run('PRAGMA synchronous = OFF', []);
  const store = createSqlStore(executor, sqliteDialect);
  const search = await createSqliteSearch(executor, dimension);
  for (let first = from; first <= to; first += USERS_PER_TRANSACTION) {
    await executor.run('BEGIN', []);
    for (let user = first; user <= Math.min(to, first + USERS_PER_TRANSACTION - 1); user += 1) {
      const scope = userScope(user);
      const sentence = createSentences(user);
      await store.commits.put(
        scope,
        commitOf(Array.from({ length: SLOTS }, (_, at) => slotOf(at, sentence))),
      );
      const lines = Array.from({ length: gists }, (_, at) => gistOf(scope, at, sentence(GIST_WORDS)));
      await store.timeline.putGists(scope, lines);
      const docs = lines.map(({ id, text, createdMs }) => ({
        id,
        text,
        createdMs,
        vector: hashedEmbedding(text, dimension),
      }));
      await search.put(scope, docs);
    }
    await executor.run('COMMIT', []);
  }
  await executor.close();
}

/** One gist an hour, some to an event, the last one at the end. */
function gistOf(scope: LifeScope, at: number, text: string): Gist {
  const createdMs = NEWEST_MS - at * HOUR_MS;
  const day = new Date(createdMs).toISOString().slice(0, 10);
  return {
    id: timeOrderedId(createdMs, 0, scope.userId),
    eventId: `${scope.userId}-${Math.floor(at / GISTS_PER_EVENT)}`,
    text,
    kind: 'event',
    mentionedOn: day,
    happenedFrom: null,
    happenedTo: null,
    sources: [],
    tokens: countTokens(`${gistLine({ text })}\n`),
    createdMs,
  };
}

function slotOf(at: number, sentence: (words: number) => string): Slot {
  const named = { topic: `topic-${at % 8}`, subTopic: `sub-${at}`, content: sentence(SLOT_WORDS) };
  return {
    ...named,
    id: `slot-${at}`,
    attributes: {},
    hits: 1,
    tokens: countTokens(`${slotLine(named)}\n`),
    createdMs: NEWEST_MS,
    updatedMs: NEWEST_MS,
    sources: [],
  };
}

function commitOf(slots: readonly Slot[]): Commit {
  return {
    version: 1,
    author: 'bench',
    parent: '',
    kind: 'extraction',
    batchId: '',
    snapshot: {
      life: 1,
      user: { data: null, createdMs: NEWEST_MS, updatedMs: NEWEST_MS },
      slots,
      progress: {},
      formerLives: [],
    },
    effects: NO_EFFECTS,
    applied: true,
    createdMs: NEWEST_MS,
  };
}
