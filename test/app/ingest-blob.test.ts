import { beforeEach, describe, expect, test } from 'vitest';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { deleteUser } from '../../shared/app/users.ts';
import { ANN, type Bench, chat, MINUTE, openBench, rowCount, START_MS } from './fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

const insert = (text: string, more: { blobId?: string; idempotencyKey?: string } = {}) =>
  ingestBlob({ scope: ANN, content: chat(text), fields: null, ...more }, bench.deps);

describe('a repeated insert', () => {
  test('with the same key and content has the same answer and buffers nothing', async () => {
    const first = await insert('I play jazz', { idempotencyKey: 'k1' });
    const second = await insert('I play jazz', { idempotencyKey: 'k1' });
    expect(second).toEqual(first);
    expect(await rowCount(bench, 'blobs')).toBe(1);
  });

  test('with the same blob id keeps the id', async () => {
    const blobId = '0a0a0a0a-0000-4000-8000-000000000001';
    expect((await insert('hello', { blobId })).blobId).toBe(blobId);
    expect((await insert('hello', { blobId })).blobId).toBe(blobId);
    expect(await rowCount(bench, 'blobs')).toBe(1);
  });

  test('with the same key and other content is a conflict that changes nothing', async () => {
    await insert('I play jazz', { idempotencyKey: 'k1' });
    await expect(insert('I play golf', { idempotencyKey: 'k1' })).rejects.toMatchObject({ code: 'conflict' });
    expect(await rowCount(bench, 'blobs')).toBe(1);
  });

  test('without a key is a new message', async () => {
    await insert('hello');
    await insert('hello');
    expect(await rowCount(bench, 'blobs')).toBe(2);
  });
});

describe('an accepted message', () => {
  test('has its reminder before it is stored', async () => {
    await insert('hello');
    const writes = bench.statements.writes.filter((sql) => !sql.includes('memory_commits'));
    expect(writes.map((sql) => sql.split(' ').slice(0, 5).join(' '))).toEqual([
      'INSERT INTO flush_queue (shard, due_ms,',
      'INSERT OR IGNORE INTO blobs',
    ]);
  });

  test('is due after the flush interval, on a whole minute', async () => {
    bench.nowMs = START_MS + 1;
    await insert('hello');
    const [row] = await bench.executor.query('SELECT due_ms FROM flush_queue', []);
    expect(row?.['due_ms']).toBe(START_MS + 61 * MINUTE);
  });

  test('has a second reminder when the first could fire while its worker still sleeps', async () => {
    bench = await openBench({ flushIntervalS: 60 });
    await insert('hello');
    const rows = await bench.executor.query('SELECT due_ms FROM flush_queue ORDER BY due_ms', []);
    expect(rows.map((row) => row['due_ms'])).toEqual([START_MS + MINUTE, START_MS + 15 * MINUTE]);
  });

  test('makes extraction due once the buffer is over its threshold', async () => {
    bench = await openBench({ bufferTokens: 40 });
    expect((await insert('short')).due).toBe(false);
    expect((await insert('long '.repeat(60))).due).toBe(true);
  });
});

describe('refused', () => {
  test('is a message beyond a row, with nothing stored', async () => {
    await expect(insert('x'.repeat(1_000_001))).rejects.toMatchObject({ code: 'too_large' });
    expect(await rowCount(bench, 'blobs')).toBe(0);
    expect(await rowCount(bench, 'flush_queue')).toBe(0);
  });

  test('is a message for a user that is unknown or deleted', async () => {
    const nobody = { projectId: 'shop', userId: 'nobody' };
    const request = { scope: nobody, content: chat('hello'), fields: null };
    await expect(ingestBlob(request, bench.deps)).rejects.toMatchObject({ code: 'not_found' });
    await deleteUser(ANN, bench.deps);
    await expect(insert('hello')).rejects.toMatchObject({ code: 'not_found' });
  });
});
