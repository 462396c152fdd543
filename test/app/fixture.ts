import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import type { Deps, Invocation, LlmRequest, Settings } from '../../shared/app/ports.ts';
import { createUser } from '../../shared/app/users.ts';
import type { BlobContent } from '../../shared/domain/blob.ts';
import type { Scope } from '../../shared/domain/scope.ts';

export const ANN: Scope = { projectId: 'shop', userId: 'ann' };
/** 2026-01-05 00:00 UTC, a whole minute. */
export const START_MS = 1_767_571_200_000;
export const MINUTE = 60_000;

/** Answers a model request with a value of its schema, or throws. */
export type Model = (request: LlmRequest<unknown>) => unknown;

/** The use cases over the real store and index in memory; time, ids and model in the test's hand. */
export interface Bench {
  readonly deps: Deps;
  readonly executor: SqlExecutor;
  readonly invoked: Invocation[];
  readonly logged: string[];
  /** Steps asked of the model, in order. */
  readonly asked: string[];
  readonly statements: { readonly reads: string[]; readonly writes: string[] };
  nowMs: number;
  model: Model;
}

export async function openBench(settings: Partial<Settings> = {}): Promise<Bench> {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  const statements = { reads: [] as string[], writes: [] as string[] };
  const counted: SqlExecutor = {
    query: (sql, params) => {
      statements.reads.push(sql);
      return executor.query(sql, params);
    },
    run: (sql, params) => {
      statements.writes.push(sql);
      return executor.run(sql, params);
    },
    close: () => executor.close(),
  };
  let ids = 0;
  const bench: Bench = {
    executor,
    statements,
    invoked: [],
    logged: [],
    asked: [],
    nowMs: START_MS,
    model: sayNothing,
    deps: {
      store: createSqlStore(counted, sqliteDialect),
      search: await createSqliteSearch(executor, null),
      llm: {
        async complete(request) {
          bench.asked.push(request.step);
          const value = request.schema.parse(await bench.model(request));
          return { value, cost: { calls: 1, inputTokens: 10, outputTokens: 1 } };
        },
      },
      embedder: null,
      slotEmbedder: null,
      reranker: null,
      tokenizer: async () => ({ count: (text) => Math.ceil(text.length / 4) }),
      invoker: {
        async invoke(invocation) {
          bench.invoked.push(invocation);
        },
      },
      clock: () => bench.nowMs,
      timers: {
        every: () => () => undefined,
        async sleep(ms) {
          bench.nowMs += ms;
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
      randomId: () => {
        ids += 1;
        return `id${ids}`;
      },
      settings: {
        language: 'en',
        timeZone: 'UTC',
        flushIntervalS: 3_600,
        bufferTokens: 1_000,
        batchTokens: 1_000,
        shards: 4,
        llmTimeoutMs: 60_000,
        ...settings,
      },
      log: (_level, event) => bench.logged.push(event),
    },
  };
  await createUser(ANN, { plan: 'free' }, bench.deps);
  return bench;
}

const sayNothing: Model = () => ({ entries: [], facts: [], tags: [] });

/** One entry and one fact for each word in capitals of the conversation. */
export const repeatCapitals: Model = ({ step, user }) => {
  if (step === 'profile_merge') return { decisions: [] };
  const conversation = user.slice(user.indexOf('<conversation>'));
  const words = conversation.match(/\b[A-Z]{3,}\b/g) ?? [];
  const days = { mentioned_on: null, happened_from: null, happened_to: null };
  return {
    entries: words.map((word) => ({ text: `likes ${word}`, kind: 'fact', ...days })),
    facts: words.map((word) => ({ topic: 'interest', sub_topic: 'things', memo: word })),
    tags: [],
  };
};

export function chat(...texts: readonly string[]): BlobContent {
  const messages = texts.map((content) => ({
    role: 'user' as const,
    content,
    alias: null,
    created_at: null,
  }));
  return { type: 'chat', data: { messages } };
}

/** What the store holds, by table, past every gate. */
export async function rowCount(bench: Bench, table: string): Promise<number> {
  const [row] = await bench.executor.query(`SELECT count(*) AS n FROM ${table}`, []);
  return Number(row?.['n']);
}
