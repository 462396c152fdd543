import { afterEach, describe, expect, test } from 'vitest';
import type { Verdict } from '../../scripts/probe/check.ts';
import { probeSearch } from '../../scripts/probe/probe-search.ts';
import type { SearchSite } from '../../scripts/probe/search-site.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { type RecordingServer, startRecordingServer } from '../support/recording-server.ts';
import { hits, rig } from './probe-fixture.ts';

let server: RecordingServer | undefined;
afterEach(() => server?.close());

const UP = { body: { version: { number: '7.10.0' } } };
const DROPS = [
  'DROP INDEX IF EXISTS srh_probe_aa ON memobase_probe_aa',
  'DROP TABLE IF EXISTS memobase_probe_aa',
];

async function verdictsOf(site: SearchSite): Promise<[string, Verdict][]> {
  const verdicts: [string, Verdict][] = [];
  await probeSearch(site, false, (question, verdict) => verdicts.push([question, verdict]));
  return verdicts;
}

describe('the probe of the search engine', () => {
  test('asks nothing and writes nothing where no engine answers', async () => {
    server = await startRecordingServer('cut');
    const { site, ran } = rig(server.url);
    const verdicts = await verdictsOf(site);
    expect(verdicts).toHaveLength(13);
    for (const [question, verdict] of verdicts.slice(0, -1)) {
      expect([question, verdict]).toEqual([
        question,
        { is: 'skipped', found: 'not asked: no search engine answers at ld:30070' },
      ]);
    }
    expect(verdicts.at(-1)).toEqual([
      'expiry (TTL) of a row takes it out of search',
      { is: 'skipped', found: 'not asked: takes hours, npm run probe -- --ttl' },
    ]);
    expect(ran).toEqual([]);
  });

  test('asks nothing with a wrong password, or beside another store', async () => {
    server = await startRecordingServer({ status: 401, body: {} });
    const refused = await verdictsOf(rig(server.url).site);
    expect(refused[0]?.[1].found).toMatch(
      /^not asked: .* refuses the user root \(401\)\. Check lindorm_search_username/,
    );
    await server.close();

    server = await startRecordingServer(UP);
    const { site, ran } = rig(server.url);
    const beside = await verdictsOf({ ...site, dialect: mysqlDialect });
    expect(beside[0]?.[1].found).toBe('not asked: the search engine reads tables of store lindorm only');
    expect(ran).toEqual([]);
  });

  test('makes a table and an index of its own, asks everything in order, and drops both', async () => {
    server = await startRecordingServer(UP, hits('sync~1'));
    const { site, ran } = rig(server.url);
    const verdicts = await verdictsOf(site);

    expect(verdicts.map(([question, { is }]) => `${is} ${question}`)).toEqual([
      'holds a search index can be made, and is reported ACTIVE',
      'differs a write is found by search (20 writes)',
      'differs hits carry the key columns in _source',
      'differs a row with an empty vector is found by search',
      'noted DELETE of a row takes it out of search',
      'differs a search routed by the partition column finds the rows of its value',
      'differs a vector search scores 1 / (2 - cosine), and keeps to its condition',
      'noted min_score 0.65 of a vector search',
      'noted filter_rrf, words and condition in one bool',
      'noted filter_rrf, words and condition in two clauses',
      'noted filter_rrf, min_score 0.65',
      'noted TRUNCATE of the table empties the search index',
      'skipped expiry (TTL) of a row takes it out of search',
    ]);
    expect(ran.slice(0, 2)).toEqual([
      'CREATE TABLE IF NOT EXISTS memobase_probe_aa (scope VARCHAR NOT NULL, n BIGINT NOT NULL, body VARCHAR, ' +
        "embedding VARCHAR, PRIMARY KEY (scope, n)) WITH (CONSISTENCY='strong')",
      'CREATE INDEX srh_probe_aa USING SEARCH ON memobase_probe_aa (scope, n, ' +
        `body(mapping='{"type":"text","analyzer":"ik_max_word"}'), ` +
        `embedding(mapping='{"type":"knn_vector","dimension":3,"data_type":"float",` +
        `"method":{"engine":"lvector","name":"hnsw","space_type":"cosinesimil",` +
        `"parameters":{"m":24,"ef_construction":500}}}')) PARTITION BY hash(scope) WITH (` +
        `SOURCE_SETTINGS='{"excludes":["embedding"]}', ` +
        `INDEX_SETTINGS='{"index":{"knn":true,"knn_routing":true,"knn.vector_empty_value_to_keep":true}}')`,
    ]);
    expect(ran.slice(-2)).toEqual(DROPS);
    expect(ran.every((statement) => statement.includes('memobase_probe_aa'))).toBe(true);
  });

  test('without an index gives its state, asks no more, and drops what there is', async () => {
    server = await startRecordingServer(UP);
    const { site, ran } = rig(server.url, {
      query: async () => [{ INDEX_NAME: 'srh_probe_aa', INDEX_STATE: 'BUILDING' }],
    });
    const [[, built] = [], [, next] = []] = await verdictsOf(site);
    expect(built).toEqual({ is: 'differs', found: 'no answer within 60 s, its state is BUILDING' });
    expect(next).toEqual({ is: 'skipped', found: 'not asked: the probe has no search index' });
    expect(ran.slice(-2)).toEqual(DROPS);
  });

  test('names what it could not drop', async () => {
    server = await startRecordingServer(UP);
    const { site } = rig(server.url, {
      async run() {
        throw new Error('SERVER INTERNAL ERROR');
      },
    });
    const verdicts = await verdictsOf(site);
    expect(verdicts[0]?.[1]).toEqual({ is: 'differs', found: 'SERVER INTERNAL ERROR' });
    expect(verdicts.map(([question]) => question).filter((text) => text.startsWith('run this'))).toEqual(
      DROPS.map((statement) => `run this yourself: ${statement}`),
    );
  });
});
