import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../shared/app/ports.ts';
import type { Blob } from '../../shared/domain/blob.ts';
import type { Gist } from '../../shared/domain/memory.ts';

const LIFE = { projectId: 'shop', userId: 'ann', life: 1 };

const AWKWARD = [
  ['quotes', `'single' "double" \`back\` '' \\' \\"`],
  ['backslashes', 'C:\\new\\table \\\\ \\0 \\% \\'],
  ['line ends and control characters', 'a\r\nb\n\tc\u0001d\u001a\u007f'],
  ['four-byte characters', '🎷👩‍👩‍👧 𠮷野家'],
  ['what looks like a placeholder', '? ?? :name $1 %s'],
  ['what looks like SQL', "x'); DELETE FROM gists; -- /* */ #"],
  ['spaces at the ends', '  a  '],
  ['nothing', ''],
] as const;

const gist = (id: string, text: string): Gist => ({
  id,
  eventId: 'e1',
  text,
  kind: 'fact',
  mentionedOn: null,
  happenedFrom: null,
  happenedTo: null,
  sources: ['b1'],
  tokens: 4,
  createdMs: 1_790_000_000_000,
});

const blob = (id: string, summary: string): Blob => ({
  id,
  type: 'summary',
  data: { summary },
  createdMs: 5,
  fields: {},
});

/** Which values come back as they were put, and which are refused; the same for every store. */
export function describeStoreValues(name: string, open: () => Promise<Store>): void {
  describe(`${name} and values at the limits`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });

    test.each(AWKWARD)('%s come back unchanged', async (_, text) => {
      await store.timeline.putGists(LIFE, [gist('g1', text)]);
      expect(await store.timeline.gistsById(LIFE, ['g1'])).toEqual([gist('g1', text)]);
    });

    test('a NUL comes back within JSON, and as a replacement character where text stands alone', async () => {
      await store.blobs.put(LIFE, blob('b1', 'a\u0000b'), 'h', 1, 1);
      await store.timeline.putGists(LIFE, [gist('g1', 'a\u0000b')]);
      expect(await store.blobs.load(LIFE, ['b1'])).toEqual([blob('b1', 'a\u0000b')]);
      expect(await store.timeline.gistsById(LIFE, ['g1'])).toEqual([gist('g1', 'a\ufffdb')]);
    });

    test('a text near the limit of a row comes back whole, one beyond it is refused', async () => {
      const large = '音'.repeat(660_000);
      await store.blobs.put(LIFE, blob('b1', large), 'h', 1, 1);
      expect(await store.blobs.load(LIFE, ['b1'])).toEqual([blob('b1', large)]);
      await expect(store.blobs.put(LIFE, blob('b2', `${large}${large}`), 'h', 1, 1)).rejects.toMatchObject({
        code: 'too_large',
      });
      expect(await store.blobs.receipt(LIFE, 'b2')).toBeNull();
    });

    test('a page of two thousand rows comes back whole', async () => {
      const gists = Array.from({ length: 2_000 }, (_, n) => gist(`g${String(n).padStart(4, '0')}`, `t${n}`));
      await store.timeline.putGists(LIFE, gists);
      expect(await store.timeline.newestGists(LIFE, 0, 2_000)).toEqual(gists.toReversed());
      expect(
        await store.timeline.gistsById(
          LIFE,
          gists.map(({ id }) => id),
        ),
      ).toHaveLength(2_000);
    });

    test('ids that differ in case, accent or width are different', async () => {
      const ids = ['cafe', 'Cafe', 'café', 'ｃafe'];
      for (const id of ids) await store.blobs.put(LIFE, blob(id, id), id, 1, 1);
      for (const id of ids) expect((await store.blobs.receipt(LIFE, id))?.hash).toBe(id);
    });

    test('the longest ids are kept, longer ones and a space at the end refused', async () => {
      const scope = { projectId: 'p'.repeat(250), userId: 'u'.repeat(128), life: 2 ** 40 };
      const longest = 'i'.repeat(250);
      await store.timeline.putGists(scope, [gist(longest, 'told')]);
      expect(await store.timeline.gistsById(scope, [longest])).toHaveLength(1);
      for (const id of ['i'.repeat(251), 'id ']) {
        await expect(store.timeline.putGists(scope, [gist(id, 'told')])).rejects.toMatchObject({
          code: 'invalid_request',
        });
      }
    });

    test('times and the largest exact integers stay numbers', async () => {
      const lease = { epoch: Number.MAX_SAFE_INTEGER, owner: 'me', untilMs: 253_402_300_799_999 };
      expect(await store.leases.claim(LIFE, 'chat', lease)).toEqual(lease);
    });
  });
}
