import { beforeEach, describe, expect, test } from 'vitest';
import { checkBuffers } from '../../shared/app/check-buffers.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { ANN, type Bench, chat, MINUTE, openBench, START_MS } from './fixture.ts';

const SHARDS = [0, 1, 2, 3];
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

const tick = (deadlineMs = bench.nowMs + MINUTE) => checkBuffers({ shards: SHARDS, deadlineMs }, bench.deps);
const insert = () => ingestBlob({ scope: ANN, content: chat('hello'), fields: null }, bench.deps);
const reminders = async () =>
  (await bench.executor.query('SELECT due_ms FROM flush_queue ORDER BY due_ms', [])).map(
    (row) => row['due_ms'],
  );

describe('a tick with nothing due', () => {
  test('reads one page per shard and writes nothing', async () => {
    await insert();
    bench.statements.reads.length = 0;
    bench.statements.writes.length = 0;
    const report = await tick();
    expect(report.reminders).toBe(0);
    expect(bench.statements.reads).toHaveLength(4);
    expect(bench.statements.writes).toEqual([]);
    expect(bench.invoked).toEqual([]);
  });
});

describe('a due reminder', () => {
  test('of a waiting message asks for extraction and is replaced before it goes', async () => {
    await insert();
    bench.nowMs = START_MS + 60 * MINUTE;
    bench.statements.writes.length = 0;
    const report = await tick();
    expect(report.asked).toBe(1);
    expect(bench.invoked).toMatchObject([
      { function: 'extract', payload: { projectId: 'shop', userId: 'ann', type: 'chat', flush: true } },
    ]);
    expect(bench.statements.writes.map((sql) => sql.slice(0, 22))).toEqual([
      'INSERT INTO flush_queu',
      'DELETE FROM flush_queu',
    ]);
    expect(await reminders()).toEqual([START_MS + 65 * MINUTE]);
  });

  test('of an empty buffer is dropped', async () => {
    const { blobId } = await insert();
    await bench.deps.store.blobs.finish({ ...ANN, life: 1 }, blobId, 'done', START_MS);
    bench.nowMs = START_MS + 60 * MINUTE;
    const report = await tick();
    expect(report).toMatchObject({ asked: 0, dropped: 1 });
    expect(await reminders()).toEqual([]);
  });

  test('stays where a clock is set back by five minutes while the tick runs', async () => {
    await insert();
    bench.nowMs = START_MS + 60 * MINUTE;
    const { reminders: queue } = bench.deps.store;
    const setBack = { ...bench.deps.store, reminders: { ...queue, due: readThenSetBack } };
    await checkBuffers(
      { shards: SHARDS, deadlineMs: bench.nowMs + MINUTE },
      { ...bench.deps, store: setBack },
    );
    expect(await reminders()).toEqual([START_MS + 65 * MINUTE]);

    async function readThenSetBack(...asked: Parameters<typeof queue.due>) {
      const found = await queue.due(...asked);
      if (found.length > 0) bench.nowMs -= 5 * MINUTE;
      return found;
    }
  });

  test('of a buffer somebody works on is put off without asking again', async () => {
    await insert();
    bench.nowMs = START_MS + 60 * MINUTE;
    const lease = { epoch: 1, owner: 'other', untilMs: bench.nowMs + 20_000 };
    await bench.deps.store.leases.claim({ ...ANN, life: 1 }, 'chat', lease);
    await tick();
    expect(bench.invoked).toEqual([]);
    expect(await reminders()).toEqual([START_MS + 65 * MINUTE]);
  });
});

test('overlapping ticks leave one reminder and one task', async () => {
  await insert();
  bench.nowMs = START_MS + 60 * MINUTE;
  await Promise.all([tick(), tick()]);
  expect(await reminders()).toEqual([START_MS + 65 * MINUTE]);
  expect(new Set(bench.invoked.map(({ taskId }) => taskId)).size).toBe(1);
});

test('shards left over when time is up are handed to a further invocation', async () => {
  const report = await tick(bench.nowMs);
  expect(report).toMatchObject({ shards: 0, handedOn: SHARDS });
  expect(bench.invoked).toMatchObject([{ function: 'buffer-check', payload: { shards: SHARDS } }]);
});
