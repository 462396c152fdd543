import type { SqlRow, SqlValue } from '../../shared/adapters/sql/executor.ts';
import { type Effects, hasEffects, TOMBSTONE_MS } from '../../shared/domain/commit.ts';
import type { Snapshot } from '../../shared/domain/memory.ts';
import type { Scheduler } from './scheduler.ts';

type Look = (sql: string, params?: readonly SqlValue[]) => Promise<SqlRow[]>;

/** Checks, after every statement that could break it, that whatever is unfinished has a reminder. */
export interface Watch {
  saw(sql: string, params: readonly SqlValue[]): Promise<void>;
}

export function createWatch(
  look: Look,
  scheduler: Scheduler,
  embedding: boolean,
  complaints: string[],
): Watch {
  const complain = (what: string): void => {
    complaints.push(`at ${scheduler.nowMs}, step ${scheduler.steps}: ${what}`);
  };
  const watch: Watch = {
    async saw(sql, params) {
      const text = (index: number): string => String(params[index]);
      if (sql.startsWith('DELETE FROM flush_queue')) {
        const memory = text(4).startsWith('memory:');
        await (memory ? checkMemory : checkBuffers)(text(2), text(3));
      } else if (sql.startsWith('INSERT OR IGNORE INTO blobs')) await checkBuffers(text(0), userOf(text(1)));
      else if (sql.startsWith('UPDATE blobs SET attempts')) await checkBuffers(text(5), userOf(text(6)));
      else if (sql.startsWith('INSERT OR IGNORE INTO memory_commits')) await checkMemory(text(0), text(1));
    },
  };

  /** A reminder that fires before the blob is due would be dropped: only one at or after its moment counts. */
  const checkBuffers = async (projectId: string, userId: string): Promise<void> => {
    const head = await headOf(projectId, userId);
    if (head === null || head.life === 0) return;
    const userKey = head.life === 1 ? userId : `${userId}~${head.life}`;
    const orphans = await look(
      `SELECT blob_id, due_ms FROM blobs b WHERE project_id = ? AND user_key = ? AND status = 'waiting'
       AND NOT EXISTS (SELECT 1 FROM flush_queue q WHERE q.project_id = b.project_id AND q.user_id = ?
         AND q.kind = b.blob_type || ':' AND q.due_ms >= b.due_ms)`,
      [projectId, userKey, userId],
    );
    for (const { blob_id } of orphans)
      complain(`blob ${blob_id} of ${projectId}/${userId} waits without a reminder`);
  };

  const checkMemory = async (projectId: string, userId: string): Promise<void> => {
    const head = await headOf(projectId, userId);
    if (head === null) return;
    const [reminder] = await look(
      `SELECT 1 FROM flush_queue WHERE project_id = ? AND user_id = ? AND kind >= 'memory:' AND kind < 'memory;' LIMIT 1`,
      [projectId, userId],
    );
    if (reminder !== undefined) return;
    const who = `${projectId}/${userId}`;
    if (!head.applied && hasEffects(head.effects))
      complain(`version ${head.version} of ${who} is unapplied, no reminder`);
    const ages = head.snapshot.formerLives.map(({ deletedMs }) => scheduler.clock() - deletedMs);
    if (ages.some((age) => age < TOMBSTONE_MS))
      complain(`a former life of ${who} is not swept to the end, no reminder`);
    if (embedding && head.life > 0 && (await lacksVectors(projectId, userId, head.life))) {
      complain(`gists of ${who} have no vector, no reminder`);
    }
  };

  const headOf = async (projectId: string, userId: string) => {
    const [row] = await look(
      'SELECT version, life, applied, effects, snapshot FROM memory_commits WHERE project_id = ? AND user_id = ? ORDER BY version DESC LIMIT 1',
      [projectId, userId],
    );
    if (row === undefined) return null;
    return {
      version: Number(row['version']),
      life: Number(row['life']),
      applied: row['applied'] === 1,
      effects: JSON.parse(String(row['effects'])) as Effects,
      snapshot: JSON.parse(String(row['snapshot'])) as Snapshot,
    };
  };

  const lacksVectors = async (projectId: string, userId: string, life: number): Promise<boolean> => {
    const userKey = life === 1 ? userId : `${userId}~${life}`;
    const [row] = await look(
      `SELECT 1 FROM gists WHERE project_id = ? AND user_key = ? AND vector = '' LIMIT 1`,
      [projectId, userKey],
    );
    return row !== undefined;
  };
  return watch;
}

export const userOf = (userKey: string): string => userKey.split('~')[0] ?? '';
