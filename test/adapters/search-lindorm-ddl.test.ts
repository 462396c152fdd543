import { describe, expect, test } from 'vitest';
import {
  createLindormIndex,
  lindormIndexDdl,
  planLindormIndex,
} from '../../shared/adapters/search/lindorm-index.ts';
import type { SqlExecutor, SqlRow } from '../../shared/adapters/sql/executor.ts';
import { quoteNames } from '../../shared/adapters/sql/quote-names.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';

const VECTORS = { model: 'm', dimension: 1024, column: 'vector' } as const;

const DDL =
  'CREATE INDEX srh_gists USING SEARCH ON gists (project_id, user_key, gist_id, created_ms, ' +
  `text(mapping='{"type":"text","analyzer":"ik_max_word"}'), ` +
  `vector(mapping='{"type":"knn_vector","dimension":1024,"data_type":"float",` +
  `"method":{"engine":"lvector","name":"hnsw","space_type":"cosinesimil",` +
  `"parameters":{"m":24,"ef_construction":500}}}')) PARTITION BY hash(user_key) WITH (` +
  `SOURCE_SETTINGS='{"excludes":["vector"]}', ` +
  `INDEX_SETTINGS='{"index":{"knn":true,"knn_routing":true,"knn.vector_empty_value_to_keep":true}}')`;

/** A database whose index goes through the given states, one per look. */
function database(...states: (string | null)[]) {
  const ran: string[] = [];
  let looks = 0;
  const executor: SqlExecutor = {
    async query(sql) {
      expect(sql).toBe('SHOW INDEX FROM `gists`');
      const state = states[Math.min(looks, states.length - 1)] ?? null;
      looks += 1;
      const other: SqlRow = { DATA_TABLE: 'gists', INDEX_NAME: 'by_event', INDEX_STATE: 'ACTIVE' };
      return state === null ? [other] : [other, { INDEX_NAME: 'srh_gists', INDEX_STATE: state }];
    },
    async run(sql) {
      ran.push(sql);
    },
    async close() {},
  };
  return { ran, executor: quoteNames(executor, TABLES) };
}

function time() {
  let nowMs = 0;
  const sleeps: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    sleeps.push(ms);
    nowMs += ms;
  };
  return { sleeps, sleep, clock: () => nowMs };
}

describe('the search index over the gists table', () => {
  test('names the columns, the vector of the model, the partition and what is not stored twice', () => {
    expect(lindormIndexDdl(VECTORS)).toBe(DDL);
  });

  test('does without vectors where there is no embedding service', () => {
    expect(lindormIndexDdl(null)).toBe(
      'CREATE INDEX srh_gists USING SEARCH ON gists (project_id, user_key, gist_id, created_ms, ' +
        `text(mapping='{"type":"text","analyzer":"ik_max_word"}')) PARTITION BY hash(user_key) WITH (` +
        `SOURCE_SETTINGS='{"excludes":[]}', INDEX_SETTINGS='{"index":{}}')`,
    );
  });

  test('is created where it is missing, and waited for', async () => {
    const { ran, executor } = database(null, 'BUILDING', 'BUILDING', 'ACTIVE');
    const { sleeps, ...times } = time();

    expect(await createLindormIndex(executor, VECTORS, times)).toEqual([DDL]);

    expect(sleeps).toEqual([2_000, 2_000]);
    // Names are quoted on the way to the database, what stands in quotes is not.
    expect(ran).toHaveLength(1);
    expect(ran[0]).toMatch(
      /ON `gists` \(`project_id`, .*`text`\(mapping='\{"type":"text","analyzer":"ik_max_word"\}'\)/,
    );
  });

  test('is left alone where it is', async () => {
    const { ran, executor } = database('ACTIVE');
    expect(await planLindormIndex(executor, VECTORS)).toEqual([]);
    expect(await createLindormIndex(executor, VECTORS, time())).toEqual([]);
    expect(ran).toEqual([]);
  });

  test('is only planned when nothing is to be changed', async () => {
    const { ran, executor } = database(null);
    expect(await planLindormIndex(executor, VECTORS)).toEqual([DDL]);
    expect(ran).toEqual([]);
  });

  test('that does not get ready in ten minutes is reported with its state', async () => {
    const { executor } = database('BUILDING');
    const { sleeps, ...times } = time();
    await expect(createLindormIndex(executor, VECTORS, times)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('state BUILDING after ten minutes'),
    });
    expect(sleeps).toHaveLength(300);
  });
});
