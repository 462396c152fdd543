import { beforeEach, expect, test } from 'vitest';
import { changeMemory, type PlannedChange } from '../../shared/app/change-memory.ts';
import { updateUser } from '../../shared/app/users.ts';
import { type Commit, NO_EFFECTS } from '../../shared/domain/commit.ts';
import { ANN, type Bench, openBench, rowCount, START_MS } from './fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

function withData(latest: Commit | null, data: unknown): PlannedChange {
  if (latest === null) throw new Error('the user is missing');
  const snapshot = { ...latest.snapshot, user: { ...latest.snapshot.user, data } };
  return { kind: 'update_user', batchId: '', snapshot, effects: NO_EFFECTS };
}

test('a change becomes the next version', async () => {
  const commit = await changeMemory(ANN, async (latest) => withData(latest, { plan: 'paid' }), bench.deps);
  expect(commit?.version).toBe(2);
  expect((await bench.deps.store.commits.latest(ANN))?.snapshot.user.data).toEqual({ plan: 'paid' });
});

test('a plan that wants nothing writes nothing', async () => {
  expect(await changeMemory(ANN, async () => null, bench.deps)).toBeNull();
  expect(await rowCount(bench, 'memory_commits')).toBe(1);
});

test('who loses the race plans again on the version that won', async () => {
  const seen: number[] = [];
  const commit = await changeMemory(
    ANN,
    async (latest) => {
      seen.push(latest?.version ?? 0);
      if (seen.length === 1) await updateUser(ANN, { rival: true }, bench.deps);
      return withData(latest, { mine: true });
    },
    bench.deps,
  );
  expect(seen).toEqual([1, 2]);
  expect(commit?.version).toBe(3);
});

test('who keeps losing gives up without a trace of its own', async () => {
  let n = 0;
  const losing = changeMemory(
    ANN,
    async (latest) => {
      n += 1;
      await updateUser(ANN, { n }, bench.deps);
      return withData(latest, { mine: true });
    },
    bench.deps,
  );
  await expect(losing).rejects.toMatchObject({ code: 'contended' });
  expect((await bench.deps.store.commits.latest(ANN))?.snapshot.user.data).toEqual({ n: 20 });
});

test('a worker that slept through twenty versions neither wins nor leaves its stale row', async () => {
  const versions: number[] = [];
  const commit = await changeMemory(
    ANN,
    async (latest) => {
      versions.push(latest?.version ?? 0);
      for (let n = 0; versions.length === 1 && n < 25; n += 1) await updateUser(ANN, { n }, bench.deps);
      return withData(latest, { late: true });
    },
    bench.deps,
  );
  expect(versions).toEqual([1, 26]);
  expect(commit?.version).toBe(27);
  const rows = await bench.executor.query('SELECT version FROM memory_commits ORDER BY version', []);
  expect(rows.map((row) => row['version'])).toEqual(Array.from({ length: 20 }, (_, index) => index + 8));
});

test('what an earlier worker left unapplied is finished before the next plan', async () => {
  const event = {
    id: 'e1',
    tip: '- said hello',
    tags: null,
    delta: [],
    createdMs: START_MS,
    updatedMs: START_MS,
  };
  const latest = await bench.deps.store.commits.latest(ANN);
  if (latest === null) throw new Error('the user is missing');
  const dead = { ...latest, version: 2, author: 'dead', parent: latest.author, applied: false };
  await bench.deps.store.commits.put(ANN, { ...dead, effects: { ...NO_EFFECTS, events: [event] } });
  await updateUser(ANN, { n: 1 }, bench.deps);
  expect(
    (await bench.deps.store.timeline.newestEvents({ ...ANN, life: 1 }, 0, 10)).map(({ id }) => id),
  ).toEqual(['e1']);
});

test('a profile beyond one row is refused, not cut', async () => {
  const big = updateUser(ANN, 'x'.repeat(1_000_001), bench.deps);
  await expect(big).rejects.toMatchObject({ code: 'too_large' });
  expect(await rowCount(bench, 'memory_commits')).toBe(1);
});
