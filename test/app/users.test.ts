import { beforeEach, describe, expect, test } from 'vitest';
import { checkBuffers } from '../../shared/app/check-buffers.ts';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { createUser, deleteUser, livingMemory, updateUser } from '../../shared/app/users.ts';
import { ANN, type Bench, chat, MINUTE, openBench, repeatCapitals, rowCount, START_MS } from './fixture.ts';

const DAY = 24 * 60 * MINUTE;
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

async function remember(text: string): Promise<void> {
  bench.model = repeatCapitals;
  await ingestBlob({ scope: ANN, content: chat(text), fields: null }, bench.deps);
  const deadlineMs = bench.nowMs + 10 * MINUTE;
  await extractBuffer({ scope: ANN, type: 'chat', flush: true, deadlineMs }, bench.deps);
}

const tick = () => checkBuffers({ shards: [0, 1, 2, 3], deadlineMs: Number.POSITIVE_INFINITY }, bench.deps);

describe('a user', () => {
  test('is created once', async () => {
    await expect(createUser(ANN, {}, bench.deps)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is updated and read back', async () => {
    bench.nowMs += 1_000;
    await updateUser(ANN, { plan: 'paid' }, bench.deps);
    expect((await livingMemory(ANN, bench.deps)).user).toEqual({
      data: { plan: 'paid' },
      createdMs: START_MS,
      updatedMs: START_MS + 1_000,
    });
  });

  test('that is unknown can be neither updated nor deleted', async () => {
    const nobody = { projectId: 'other', userId: 'ann' };
    await expect(updateUser(nobody, {}, bench.deps)).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteUser(nobody, bench.deps)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a deleted user', () => {
  test('is gone from every table at once, and from the log after seven days', async () => {
    await remember('I like JAZZ');
    await ingestBlob({ scope: ANN, content: chat('and TEA'), fields: null }, bench.deps);
    await deleteUser(ANN, bench.deps);
    for (const table of ['blobs', 'events', 'gists', 'leases', 'dead_letters', 'search_docs']) {
      expect([table, await rowCount(bench, table)]).toEqual([table, 0]);
    }
    const [tombstone] = await bench.executor.query('SELECT snapshot FROM memory_commits', []);
    expect(String(tombstone?.['snapshot'])).not.toContain('JAZZ');
    for (const age of [15 * MINUTE, 2 * 60 * MINUTE, 2 * DAY, 8 * DAY]) {
      bench.nowMs = START_MS + age;
      await tick();
    }
    expect(await rowCount(bench, 'memory_commits')).toBe(0);
    expect(await rowCount(bench, 'flush_queue')).toBe(0);
  });

  test('starts from nothing when it is created again', async () => {
    await remember('I like JAZZ');
    await deleteUser(ANN, bench.deps);
    await createUser(ANN, {}, bench.deps);
    expect((await livingMemory(ANN, bench.deps)).slots).toEqual([]);
    await remember('I like TEA');
    expect((await livingMemory(ANN, bench.deps)).slots.map(({ content }) => content)).toEqual(['TEA']);
  });

  test('is swept again when a slow worker wrote after the deletion', async () => {
    await deleteUser(ANN, bench.deps);
    const blob = { ...chat('late'), id: 'b1', createdMs: START_MS, fields: null };
    await bench.deps.store.blobs.put({ ...ANN, life: 1 }, blob, 'hash', 1, START_MS);
    bench.nowMs = START_MS + 61 * MINUTE;
    await tick();
    expect(await rowCount(bench, 'blobs')).toBe(0);
  });

  test('leaves no version behind that a slow worker put after the deletion', async () => {
    await remember('I like JAZZ');
    const old = await bench.deps.store.commits.latest(ANN);
    if (old === null) throw new Error('the user is missing');
    await deleteUser(ANN, bench.deps);
    await bench.deps.store.commits.put(ANN, old);
    await createUser(ANN, {}, bench.deps);
    bench.nowMs = START_MS + 61 * MINUTE;
    await tick();
    const rows = await bench.executor.query('SELECT version FROM memory_commits ORDER BY version', []);
    expect(rows.map((row) => row['version'])).toEqual([3, 4]);
  });

  test('cannot be created on a tombstone that is about to go', async () => {
    await deleteUser(ANN, bench.deps);
    bench.nowMs = START_MS + 7 * DAY - 10 * MINUTE;
    await expect(createUser(ANN, {}, bench.deps)).rejects.toMatchObject({ code: 'contended' });
    bench.nowMs = START_MS + 7 * DAY + MINUTE;
    while (await rowCount(bench, 'flush_queue')) await tick();
    await createUser(ANN, {}, bench.deps);
    expect((await livingMemory(ANN, bench.deps)).life).toBe(1);
  });
});
