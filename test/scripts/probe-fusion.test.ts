import { afterEach, describe, expect, test } from 'vitest';
import { verdictOf } from '../../scripts/probe/check.ts';
import { fusionChecks } from '../../scripts/probe/fusion-checks.ts';
import { type RecordingServer, type Reply, startRecordingServer } from '../support/recording-server.ts';
import { hits, rig } from './probe-fixture.ts';

let server: RecordingServer | undefined;
afterEach(() => server?.close());

const found = (...rows: readonly (readonly [number, number])[]) => hits('fusion~1', ...rows);
const THREE = found([1, 1], [2, 1], [3, 1]);
const TARGET = '/memobase.memobase_probe_aa.srh_probe_aa/_search?routing=fusion~1';
const LVECTOR = { filter_type: 'efficient_filter', ef_search: '200', k_expand_scope: '1000' };
const RRF = {
  ...LVECTOR,
  hybrid_search_type: 'filter_rrf',
  rrf_rank_constant: '60',
  rrf_knn_weight_factor: '0.5',
};
const MATCH = { match: { body: { query: 'guitar' } } };
const SCOPE = { term: { scope: 'fusion~1' } };

const bodyWith = (filter: object, lvector: object) => ({
  size: 10,
  _source: ['scope', 'n'],
  query: { knn: { embedding: { vector: [1, 0, 0], k: 10, filter } } },
  ext: { lvector },
});

async function ask(words: string, ...replies: Reply[]) {
  await server?.close();
  server = await startRecordingServer(...replies);
  const check = fusionChecks.find(({ question }) => question.includes(words));
  if (check === undefined) throw new Error(`There is no question with ${words}`);
  const { site, ran } = rig(server.url);
  const verdict = await verdictOf(check, site);
  await site.client.close();
  return { verdict, ran, requests: server.requests };
}

describe('the probe of routing', () => {
  const OTHER = hits('fusion~2', [4, 1]);

  test('writes three rows of one value and one of another, and counts what each route finds', async () => {
    const { verdict, ran, requests } = await ask('routed', found(), THREE, OTHER, THREE, found());
    expect(verdict).toEqual({ is: 'holds', found: '3 of 3 with its own value, 0 with another value' });
    expect(ran.map((statement) => statement.split(' | ').slice(1).join(' | '))).toEqual([
      'fusion~1 | 1 | weather report | [1,0,0]',
      'fusion~1 | 2 | guitar lessons | [0.6,0.8,0]',
      'fusion~1 | 3 | guitar strings | [0,1,0]',
      'fusion~2 | 4 | guitar shop | [1,0,0]',
    ]);
    expect(requests.map(({ target }) => target.split('?')[1])).toEqual([
      undefined,
      undefined,
      undefined,
      'routing=fusion~1',
      'routing=another~1',
    ]);
  });

  test('differs where the value routes past the rows, or they never come', async () => {
    expect((await ask('routed', THREE, OTHER, found(), THREE)).verdict).toEqual({
      is: 'differs',
      found: '0 of 3 with its own value, 3 with another value',
    });
    expect((await ask('routed', found())).verdict).toEqual({
      is: 'differs',
      found: 'no answer within 60 s: the rows were not found',
    });
  });
});

describe('the probe of vector scores', () => {
  test('compares the scores of three known cosines', async () => {
    const { verdict, requests } = await ask('2 - cosine', found([1, 1], [2, 0.714286], [3, 0.5]));
    expect(verdict).toEqual({
      is: 'holds',
      found: 'cosines 1, 0.6, 0 give row 1: 1, row 2: 0.7143, row 3: 0.5',
    });
    expect(requests.map(({ target, body }) => ({ target, body }))).toEqual([
      { target: TARGET, body: bodyWith({ bool: { filter: [SCOPE] } }, LVECTOR) },
    ]);
  });

  test.each([
    ['the cosine itself', found([1, 1], [2, 0.6], [3, 0])],
    ['half of one and the cosine', found([1, 1], [2, 0.8], [3, 0.5])],
    ['too few rows', found([1, 1], [2, 0.714286])],
    ['a row outside the condition', found([1, 1], [4, 1], [2, 0.714286], [3, 0.5])],
  ])('differs for %s', async (_, reply) => {
    expect((await ask('2 - cosine', reply)).verdict.is).toBe('differs');
  });

  test.each([
    ['is a floor of the score 1 / (2 - cosine)', found([1, 1], [2, 0.714286])],
    ['is a floor of the cosine', found([1, 1])],
    ['is ignored', found([1, 1], [2, 0.714286], [3, 0.5])],
    ['means something else', found()],
  ])('says that min_score %s', async (meaning, reply) => {
    const { verdict, requests } = await ask('of a vector search', reply);
    expect(verdict.is).toBe('noted');
    expect(verdict.found).toMatch(new RegExp(`^${meaning.replace(/[()]/g, '\\$&')} \\(`));
    expect(requests[0]?.body).toEqual(
      bodyWith({ bool: { filter: [SCOPE] } }, { ...LVECTOR, min_score: '0.65' }),
    );
  });
});

describe('the probe of filter_rrf', () => {
  const FUSED = found([2, 0.016261], [1, 0.008197], [3, 0.016001]);
  const TWO_CLAUSES = {
    bool: { must: [{ bool: { must: [MATCH] } }, { bool: { filter: [SCOPE] } }] },
  };

  test('sends words and condition in both documented shapes', async () => {
    const one = await ask('in one bool', FUSED);
    expect(one.requests.map(({ target, body }) => ({ target, body }))).toEqual([
      { target: TARGET, body: bodyWith({ bool: { must: [MATCH], filter: [SCOPE] } }, RRF) },
    ]);
    const two = await ask('in two clauses', FUSED);
    expect(two.requests[0]?.body).toEqual(bodyWith(TWO_CLAUSES, RRF));
  });

  test.each([
    [
      'words join the fusion, _score is a sum of reciprocal ranks (row 2: 0.0163, row 1: 0.0082, row 3: 0.016)',
      FUSED,
    ],
    [
      'words are a hard condition, _score is that of the vector (row 2: 0.7143, row 3: 0.5)',
      found([2, 0.714286], [3, 0.5]),
    ],
    ['words join the fusion, _score has another scale (row 1: 7.5)', found([1, 7.5])],
    ['ignores the condition (row 4: 1)', hits('fusion~2', [4, 1])],
    ['finds nothing', found()],
  ])('says: %s', async (meaning, reply) => {
    expect((await ask('in one bool', reply)).verdict).toEqual({ is: 'noted', found: meaning });
  });

  test.each([
    ['is a floor of the fused score (no hits)', found()],
    ['is a floor of the vector score for every hit', found([2, 0.016261], [1, 0.008197])],
    ['is ignored', FUSED],
    ['takes rows from the list of vectors only', found([2, 0.016261], [1, 0.008197], [3, 0.008065])],
    ['means something else', found([3, 0.008065])],
  ])('says that min_score %s', async (meaning, reply) => {
    const { verdict, requests } = await ask('filter_rrf, min_score', FUSED, reply);
    expect(verdict.is).toBe('noted');
    expect(verdict.found.startsWith(meaning)).toBe(true);
    expect(requests.map(({ body }) => body)).toEqual([
      bodyWith(TWO_CLAUSES, RRF),
      bodyWith(TWO_CLAUSES, { ...RRF, min_score: '0.65' }),
    ]);
  });

  test('notes a refusal, because nothing relies on fused queries', async () => {
    const body = { error: { type: 'parsing_exception', reason: 'unknown filter_rrf' }, status: 400 };
    const { verdict } = await ask('in one bool', { status: 400, body });
    expect(verdict.is).toBe('noted');
    expect(verdict.found).toMatch(/answered 400: unknown filter_rrf$/);
  });
});
