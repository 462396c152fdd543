import type { Leases, Reminder, ReminderKind, Reminders } from '../../app/ports.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { Rows } from './rows.ts';
import { FLUSH_QUEUE, LEASES } from './tables.ts';

/** The key has room for five columns, so the token shares one with the kind. */
const reminderKey = (reminder: Reminder) => ({
  shard: reminder.shard,
  due_ms: reminder.dueMs,
  project_id: reminder.projectId,
  user_id: reminder.userId,
  kind: `${reminder.kind}:${reminder.token}`,
});

export function createReminders(rows: Rows): Reminders {
  return {
    async put(reminder) {
      await rows.upsert(FLUSH_QUEUE, { ...reminderKey(reminder), put_ms: 0 });
    },
    async remove(reminder) {
      await rows.remove(FLUSH_QUEUE, reminderKey(reminder));
    },
    async due(shard, fromMs, nowMs, limit) {
      const found = await rows.select(FLUSH_QUEUE, {
        columns: ['due_ms', 'project_id', 'user_id', 'kind'],
        where: { shard },
        atLeast: { due_ms: fromMs },
        atMost: { due_ms: nowMs },
        orderBy: ['due_ms', 'project_id', 'user_id', 'kind'],
        limit,
      });
      return found.map((row) => {
        const [kind, token = ''] = String(row['kind']).split(':');
        return {
          shard,
          dueMs: Number(row['due_ms']),
          projectId: String(row['project_id']),
          userId: String(row['user_id']),
          kind: kind as ReminderKind,
          token,
        };
      });
    },
  };
}

/** Part of a lease's key; ids hold no `/`. */
export function leaseScope(scope: LifeScope, type: string): string {
  return `${scope.projectId}/${userKey(scope)}/${type}`;
}

export function createLeases(rows: Rows): Leases {
  const latest: Leases['latest'] = async (scope, type) => {
    const [row] = await rows.select(LEASES, {
      columns: ['epoch', 'owner', 'until_ms'],
      where: { scope: leaseScope(scope, type) },
      orderBy: ['epoch'],
      descending: true,
      limit: 1,
    });
    if (row === undefined) return null;
    return { epoch: Number(row['epoch']), owner: String(row['owner']), untilMs: Number(row['until_ms']) };
  };
  return {
    latest,
    async claim(scope, type, lease) {
      const { epoch, owner, untilMs } = lease;
      await rows.putIfAbsent(LEASES, { scope: leaseScope(scope, type), epoch, owner, until_ms: untilMs });
      const holder = (await latest(scope, type)) ?? lease;
      if (holder.owner === owner && epoch > 1) {
        await rows.remove(LEASES, { scope: leaseScope(scope, type), epoch: epoch - 1 });
      }
      return holder;
    },
    async extend(scope, type, { epoch, untilMs }) {
      await rows.update(LEASES, { scope: leaseScope(scope, type), epoch }, { until_ms: untilMs });
    },
  };
}
