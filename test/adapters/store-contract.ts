import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../shared/app/ports.ts';
import type { Blob } from '../../shared/domain/blob.ts';
import { type Commit, NO_EFFECTS } from '../../shared/domain/commit.ts';
import type { Gist, MemoryEvent } from '../../shared/domain/memory.ts';
import { describeQueue } from './store-queue-contract.ts';

const ANN = { projectId: 'shop', userId: 'ann' };
const LIFE = { ...ANN, life: 1 };
const STRANGERS = [
  { projectId: 'other', userId: 'ann', life: 1 },
  { projectId: 'shop', userId: 'bob', life: 1 },
  { projectId: 'shop', userId: 'ann', life: 7 },
];

function version(n: number, author: string, parent = ''): Commit {
  const user = { data: { n }, createdMs: 1, updatedMs: 2 };
  const snapshot = { life: 1, user, slots: [], progress: { b: { line: 1, char: 2 } }, formerLives: [] };
  const head = { version: n, author, parent, kind: 'update_user' as const, batchId: 'x' };
  return { ...head, snapshot, effects: NO_EFFECTS, applied: false, createdMs: 3 };
}

const blob = (id: string, createdMs = 5): Blob => ({
  id,
  type: 'summary',
  data: { summary: `said ${id} 🎷` },
  createdMs,
  fields: { from: 'test' },
});

const gist = (id: string, createdMs = 5): Gist => ({
  id,
  eventId: 'e1',
  text: `told ${id}`,
  kind: 'plan',
  mentionedOn: '2026-01-05',
  happenedFrom: null,
  happenedTo: '2026-02-01',
  sources: ['b1'],
  tokens: 4,
  createdMs,
});

const event = (id: string, createdMs = 5): MemoryEvent => ({
  id,
  tip: '- told',
  tags: [{ tag: 'emotion', value: 'happy' }],
  delta: [{ content: 'jazz', attributes: { topic: 'interest' } }],
  createdMs,
  updatedMs: createdMs,
});

/** What every store must do, whichever database is below it. `open` gives an empty one with its schema. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });

    describe('commits', () => {
      test('stay as who came first wrote them', async () => {
        await store.commits.put(ANN, version(1, 'first'));
        await store.commits.put(ANN, version(1, 'second'));
        expect(await store.commits.latest(ANN)).toEqual(version(1, 'first'));
        expect(await store.commits.since(ANN, 1)).toEqual([{ version: 1, author: 'first', parent: '' }]);
      });

      test('are read from the highest, and by head without the snapshot', async () => {
        for (const n of [1, 2, 10]) await store.commits.put(ANN, version(n, `a${n}`));
        expect((await store.commits.latest(ANN))?.version).toBe(10);
        expect(await store.commits.head(ANN)).toEqual({ version: 10, life: 1, applied: false });
        await store.commits.markApplied(ANN, 10);
        expect((await store.commits.head(ANN))?.applied).toBe(true);
        expect((await store.commits.since(ANN, 2)).map((row) => row.version)).toEqual([2, 10]);
      });

      test('are removed from below, and are absent for strangers', async () => {
        for (const n of [1, 2, 3]) await store.commits.put(ANN, version(n, `a${n}`));
        await store.commits.removeThrough(ANN, 2);
        expect((await store.commits.since(ANN, 1)).map((row) => row.version)).toEqual([3]);
        expect(await store.commits.latest({ projectId: 'other', userId: 'ann' })).toBeNull();
        expect(await store.commits.head({ projectId: 'shop', userId: 'an' })).toBeNull();
      });

      test('that are marked but absent stay absent', async () => {
        await store.commits.markApplied(ANN, 4);
        expect(await store.commits.latest(ANN)).toBeNull();
      });
    });

    describe('blobs', () => {
      test('are put once per life', async () => {
        await store.blobs.put(LIFE, blob('b1'), 'h1', 3, 60);
        await store.blobs.put(LIFE, { ...blob('b1'), createdMs: 9 }, 'h2', 4, 70);
        expect(await store.blobs.receipt(LIFE, 'b1')).toEqual({ hash: 'h1', status: 'waiting' });
        expect(await store.blobs.waiting(LIFE, 'summary')).toEqual([
          {
            id: 'b1',
            type: 'summary',
            tokens: 3,
            createdMs: 5,
            dueMs: 60,
            attempts: 0,
            triedIn: 0,
            deferrals: 0,
          },
        ]);
        expect(await store.blobs.load(LIFE, ['b1'])).toEqual([blob('b1')]);
        for (const stranger of STRANGERS) expect(await store.blobs.receipt(stranger, 'b1')).toBeNull();
      });

      test('wait in the order they were accepted, each type by itself', async () => {
        for (const [id, ms] of [
          ['b2', 7],
          ['b1', 9],
          ['b3', 7],
        ] as const) {
          await store.blobs.put(LIFE, blob(id, ms), id, 1, 60);
        }
        const ids = (await store.blobs.waiting(LIFE, 'summary')).map(({ id }) => id);
        expect(ids).toEqual(['b2', 'b3', 'b1']);
        expect(await store.blobs.waiting(LIFE, 'chat')).toEqual([]);
        expect((await store.blobs.load(LIFE, ['b1', 'gone', 'b2'])).map(({ id }) => id)).toEqual([
          'b1',
          'b2',
        ]);
      });

      test('remember their failures', async () => {
        await store.blobs.put(LIFE, blob('b1'), 'h1', 3, 60);
        const failure = { attempts: 2, triedIn: 4, deferrals: 1, dueMs: 90, error: 'llm_output_invalid' };
        await store.blobs.recordFailure(LIFE, 'b1', failure);
        expect(await store.blobs.waiting(LIFE, 'summary')).toMatchObject([
          { attempts: 2, triedIn: 4, deferrals: 1, dueMs: 90 },
        ]);
      });

      test('that are done keep their receipt and lose their text', async () => {
        await store.blobs.put(LIFE, blob('b1'), 'h1', 3, 60);
        await store.blobs.finish(LIFE, 'b1', 'done', 100);
        await store.blobs.put(LIFE, blob('b1'), 'h1', 3, 60);
        expect(await store.blobs.receipt(LIFE, 'b1')).toEqual({ hash: 'h1', status: 'done' });
        expect(await store.blobs.load(LIFE, ['b1'])).toEqual([]);
        await store.blobs.forgetDone(LIFE, 100);
        expect(await store.blobs.receipt(LIFE, 'b1')).not.toBeNull();
        await store.blobs.forgetDone(LIFE, 101);
        expect(await store.blobs.receipt(LIFE, 'b1')).toBeNull();
      });

      test('that failed for good keep their text until they are given up', async () => {
        await store.blobs.put(LIFE, blob('b1'), 'h1', 3, 60);
        await store.blobs.finish(LIFE, 'b1', 'failed', 100);
        expect(await store.blobs.waiting(LIFE, 'summary')).toEqual([]);
        expect(await store.blobs.failedIds(LIFE, 'summary')).toEqual(['b1']);
        expect(await store.blobs.loadFailed(LIFE, 'b1')).toEqual(blob('b1'));
        await store.blobs.finish(LIFE, 'b1', 'done', 101);
        expect(await store.blobs.loadFailed(LIFE, 'b1')).toBeNull();
        expect(await store.blobs.failedIds(LIFE, 'summary')).toEqual([]);
      });

      test('beyond one page are all there', async () => {
        for (let n = 0; n < 501; n += 1) await store.blobs.put(LIFE, blob(`b${n}`, n), 'h', 1, 60);
        expect(await store.blobs.waiting(LIFE, 'summary')).toHaveLength(501);
      });
    });

    describe('the timeline', () => {
      test('keeps what was put first and gives the newest back first', async () => {
        await store.timeline.putEvent(LIFE, event('e1', 5));
        await store.timeline.putEvent(LIFE, { ...event('e1', 5), tip: '- other' });
        await store.timeline.putEvent(LIFE, event('e2', 6));
        expect(await store.timeline.newestEvents(LIFE, 0, 10)).toEqual([event('e2', 6), event('e1', 5)]);
        expect(await store.timeline.newestEvents(LIFE, 6, 10)).toEqual([event('e2', 6)]);
        expect(await store.timeline.newestEvents(LIFE, 0, 1)).toEqual([event('e2', 6)]);
      });

      test('returns gists as they were put', async () => {
        await store.timeline.putGists(LIFE, [gist('g1', 5), gist('g2', 6)]);
        await store.timeline.putGists(LIFE, [{ ...gist('g1', 5), text: 'other' }]);
        expect(await store.timeline.newestGists(LIFE, 0, 10)).toEqual([gist('g2', 6), gist('g1', 5)]);
        expect(await store.timeline.gistsById(LIFE, ['g1', 'gone'])).toEqual([gist('g1', 5)]);
        for (const stranger of STRANGERS)
          expect(await store.timeline.newestGists(stranger, 0, 10)).toEqual([]);
      });

      test('knows which gists have no vector yet', async () => {
        await store.timeline.putGists(LIFE, [gist('g1'), gist('g2'), gist('g3')]);
        await store.timeline.setVectors(LIFE, [{ id: 'g2', vector: [1, 0] }]);
        expect((await store.timeline.withoutVector(LIFE, 10)).map(({ id }) => id)).toEqual(['g1', 'g3']);
        await store.timeline.putGists(LIFE, [gist('g2')]);
        expect(await store.timeline.withoutVector(LIFE, 1)).toEqual([gist('g1')]);
      });
    });

    describeQueue(() => store);

    test('purging a life removes its rows and nobody else’s', async () => {
      for (const scope of [LIFE, ...STRANGERS]) {
        await store.blobs.put(scope, blob('b1'), 'h', 1, 60);
        await store.timeline.putEvent(scope, event('e1'));
        await store.timeline.putGists(scope, [gist('g1')]);
        await store.leases.claim(scope, 'chat', { epoch: 1, owner: 'me', untilMs: 50 });
      }
      await store.purgeLife(LIFE);
      const left = async (scope: typeof LIFE) => [
        (await store.blobs.waiting(scope, 'summary')).length,
        (await store.timeline.newestEvents(scope, 0, 10)).length,
        (await store.timeline.newestGists(scope, 0, 10)).length,
        (await store.leases.latest(scope, 'chat')) === null ? 0 : 1,
      ];
      expect(await left(LIFE)).toEqual([0, 0, 0, 0]);
      for (const stranger of STRANGERS) expect(await left(stranger)).toEqual([1, 1, 1, 1]);
    });
  });
}
