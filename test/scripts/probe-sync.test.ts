import { afterEach, describe, expect, test } from 'vitest';
import { verdictOf } from '../../scripts/probe/check.ts';
import { indexChecks, ttlCheck } from '../../scripts/probe/sync-checks.ts';
import { type RecordingServer, type Reply, startRecordingServer } from '../support/recording-server.ts';
import { hits, rig } from './probe-fixture.ts';

let server: RecordingServer | undefined;
afterEach(() => server?.close());

const SCOPE = 'sync~1';
const NONE = hits(SCOPE);
const found = (...numbers: number[]) => hits(SCOPE, ...numbers.map((n) => [n, 1] as const));
const upTo = (last: number) => found(...Array.from({ length: last }, (_, n) => n + 1));

async function ask(words: string, ...replies: Reply[]) {
  server = await startRecordingServer(...replies);
  const check = [...indexChecks, ttlCheck].find(({ question }) => question.includes(words));
  if (check === undefined) throw new Error(`There is no question with ${words}`);
  const { site, ran } = rig(server.url);
  const verdict = await verdictOf(check, site);
  await site.client.close();
  return { verdict, ran, requests: server.requests };
}

describe('the probe of the sync', () => {
  test('writes twenty rows one by one and tells how long each took to be found', async () => {
    // A look every 200 ms, after the write of that look: each row is found one look later, the first two looks late.
    const looks = [NONE, NONE, ...Array.from({ length: 19 }, (_, n) => upTo(n + 2))];
    const { verdict, ran, requests } = await ask('a write is found', ...looks);

    expect(verdict).toEqual({ is: 'noted', found: 'p50 200 ms, p99 400 ms' });
    expect(ran).toHaveLength(20);
    expect(ran[0]).toBe(
      'INSERT INTO memobase_probe_aa (scope, n, body, embedding) VALUES (?, ?, ?, ?) | sync~1 | 1 | write 1 | [1,0,0]',
    );
    expect(requests).toHaveLength(21);
    expect(requests[0]).toEqual({
      method: 'POST',
      target: '/memobase.memobase_probe_aa.srh_probe_aa/_search',
      authorization: 'Basic cm9vdDowODE1',
      body: {
        size: 100,
        _source: ['scope', 'n'],
        query: { bool: { filter: [{ term: { scope: 'sync~1' } }] } },
      },
    });
  });

  test('says how many writes were not found in a minute', async () => {
    expect((await ask('a write is found', NONE)).verdict).toEqual({
      is: 'differs',
      found: 'no answer within 60 s for 20 of 20',
    });
    await server?.close();
    expect((await ask('a write is found', upTo(15))).verdict).toEqual({
      is: 'differs',
      found: 'no answer within 60 s for 5 of 20; the others: p50 0 ms, p99 0 ms',
    });
  });

  test('shows the _id of a composite key and reads the key from _source', async () => {
    expect((await ask('_source', found(3))).verdict).toEqual({
      is: 'holds',
      found: 'sync~1, 3; _id "sync~1|3"',
    });
    await server?.close();
    const bare = { body: { hits: { hits: [{ _id: 'x', _score: 1, _source: {} }] } } };
    expect((await ask('_source', bare)).verdict).toEqual({
      is: 'differs',
      found: 'undefined, NaN; _id "x"',
    });
  });

  test('asks whether rows without a vector are found', async () => {
    const { verdict, ran } = await ask('empty vector', NONE, NONE, hits('empty~1', [1, 1]));
    expect(verdict).toEqual({ is: 'holds', found: 'after 400 ms' });
    expect(ran[0]).toMatch(/\| empty~1 \| 1 \| no vector \| $/);
    await server?.close();
    expect((await ask('empty vector', NONE)).verdict).toEqual({
      is: 'differs',
      found: 'no answer within 60 s',
    });
  });

  test('waits until a deleted row is gone', async () => {
    const { verdict, ran } = await ask('DELETE', found(1, 2), found(2));
    expect(verdict).toEqual({ is: 'noted', found: 'after 200 ms' });
    expect(ran).toEqual(['DELETE FROM memobase_probe_aa WHERE scope = ? AND n = ? | sync~1 | 1']);
    await server?.close();
    expect((await ask('DELETE', found(1))).verdict.found).toBe('no answer within 60 s: still found');
  });

  test('truncates its own table, once search has found a row in it', async () => {
    const { verdict, ran } = await ask('TRUNCATE', found(2), found(2, 21), found(2, 21), NONE);
    expect(verdict).toEqual({ is: 'noted', found: 'after 200 ms' });
    expect(ran.at(-1)).toBe('TRUNCATE TABLE memobase_probe_aa');
    await server?.close();
    const without = await ask('TRUNCATE', NONE);
    expect(without.verdict.found).toBe('no answer within 60 s: the row to truncate was not found');
    expect(without.ran).toHaveLength(1);
  });

  test('gives rows a minute to live, and looks for up to three hours', async () => {
    const { verdict, ran } = await ask('TTL', found(2), NONE);
    expect(verdict).toEqual({ is: 'noted', found: 'after 30000 ms' });
    expect(ran).toEqual([
      "ALTER TABLE memobase_probe_aa SET TTL='60'",
      "ALTER TABLE memobase_probe_aa SET TTL=''",
    ]);
    await server?.close();
    expect((await ask('TTL', found(2))).verdict.found).toBe('no answer within 10800 s: still found');
  });
});
