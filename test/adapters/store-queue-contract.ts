import { describe, expect, test } from 'vitest';
import type { Reminder, Store } from '../../shared/app/ports.ts';

const ANN = { projectId: 'shop', userId: 'ann' };
const LIFE = { ...ANN, life: 1 };
const STRANGERS = [
  { projectId: 'other', userId: 'ann', life: 1 },
  { projectId: 'shop', userId: 'bob', life: 1 },
  { projectId: 'shop', userId: 'ann', life: 7 },
];

/** The part of the store contract that is about work to do: reminders, leases, dead letters, pauses. */
export function describeQueue(store: () => Store): void {
  describe('reminders', () => {
    const reminder = (dueMs: number, token = '', shard = 3): Reminder => ({
      shard,
      dueMs,
      ...ANN,
      kind: 'chat',
      token,
    });

    test('fall due in order, within the range and the shard', async () => {
      for (const dueMs of [30, 10, 20]) await store().reminders.put(reminder(dueMs));
      await store().reminders.put(reminder(10));
      await store().reminders.put(reminder(15, '', 4));
      expect(await store().reminders.due(3, 0, 20, 10)).toEqual([reminder(10), reminder(20)]);
      expect(await store().reminders.due(3, 20, 99, 1)).toEqual([reminder(20)]);
    });

    test('with a token are their owner’s alone', async () => {
      await store().reminders.put(reminder(10, 'mine'));
      await store().reminders.put(reminder(10, 'yours'));
      await store().reminders.remove(reminder(10, 'mine'));
      await store().reminders.remove(reminder(10));
      expect(await store().reminders.due(3, 0, 99, 10)).toEqual([reminder(10, 'yours')]);
    });
  });

  describe('leases', () => {
    test('belong to the first who claims an epoch', async () => {
      const mine = { epoch: 1, owner: 'me', untilMs: 50 };
      expect(await store().leases.claim(LIFE, 'chat', mine)).toEqual(mine);
      expect(await store().leases.claim(LIFE, 'chat', { ...mine, owner: 'you' })).toEqual(mine);
      await store().leases.extend(LIFE, 'chat', { ...mine, untilMs: 80 });
      expect(await store().leases.latest(LIFE, 'chat')).toEqual({ ...mine, untilMs: 80 });
      expect(await store().leases.latest(LIFE, 'doc')).toBeNull();
    });

    test('of a past epoch can be neither claimed nor extended', async () => {
      await store().leases.claim(LIFE, 'chat', { epoch: 1, owner: 'me', untilMs: 50 });
      const yours = { epoch: 2, owner: 'you', untilMs: 90 };
      await store().leases.claim(LIFE, 'chat', yours);
      await store().leases.extend(LIFE, 'chat', { epoch: 1, owner: 'me', untilMs: 999 });
      expect(await store().leases.claim(LIFE, 'chat', { epoch: 1, owner: 'late', untilMs: 999 })).toEqual(
        yours,
      );
      expect(await store().leases.latest(LIFE, 'chat')).toEqual(yours);
    });
  });

  describe('bookkeeping', () => {
    const letter = {
      batchId: 'd1',
      blobIds: ['b1'],
      error: 'e',
      attempts: 3,
      progress: null,
      createdMs: 5,
    };

    test('keeps a closed dead letter closed', async () => {
      await store().deadLetters.put(LIFE, letter);
      await store().deadLetters.close(LIFE, 'd1', 'retried');
      await store().deadLetters.put(LIFE, letter);
      expect(await store().deadLetters.list(LIFE)).toEqual([{ ...letter, state: 'retried' }]);
      for (const stranger of STRANGERS) expect(await store().deadLetters.list(stranger)).toEqual([]);
    });

    test('pauses one project and resumes it', async () => {
      expect(await store().projects.paused('shop')).toBeNull();
      await store().projects.pause('shop', { reason: 'key', untilMs: 9 });
      expect(await store().projects.paused('shop')).toEqual({ reason: 'key', untilMs: 9 });
      expect(await store().projects.paused('other')).toBeNull();
      await store().projects.pause('shop', null);
      expect(await store().projects.paused('shop')).toBeNull();
    });
  });
}
