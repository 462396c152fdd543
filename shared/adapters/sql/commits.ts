import type { CommitLog } from '../../app/ports.ts';
import type { Commit, CommitKind } from '../../domain/commit.ts';
import type { Scope } from '../../domain/scope.ts';
import type { SqlRow } from './executor.ts';
import type { Rows } from './rows.ts';
import { MEMORY_COMMITS } from './tables.ts';

const ofUser = (scope: Scope) => ({ project_id: scope.projectId, user_id: scope.userId });

export function createCommitLog(rows: Rows): CommitLog {
  return {
    async latest(scope) {
      const [row] = await rows.select(MEMORY_COMMITS, {
        columns: [
          'version',
          'author',
          'parent',
          'kind',
          'batch_id',
          'snapshot',
          'effects',
          'applied',
          'created_ms',
        ],
        where: ofUser(scope),
        orderBy: ['version'],
        descending: true,
        limit: 1,
      });
      return row === undefined ? null : toCommit(row);
    },
    async head(scope) {
      const [row] = await rows.select(MEMORY_COMMITS, {
        columns: ['version', 'life', 'applied'],
        where: ofUser(scope),
        orderBy: ['version'],
        descending: true,
        limit: 1,
      });
      if (row === undefined) return null;
      return { version: Number(row['version']), life: Number(row['life']), applied: row['applied'] === 1 };
    },
    async put(scope, commit) {
      await rows.putIfAbsent(MEMORY_COMMITS, {
        ...ofUser(scope),
        version: commit.version,
        life: commit.snapshot.life,
        author: commit.author,
        parent: commit.parent,
        kind: commit.kind,
        batch_id: commit.batchId,
        snapshot: JSON.stringify(commit.snapshot),
        effects: JSON.stringify(commit.effects),
        applied: commit.applied ? 1 : 0,
        created_ms: commit.createdMs,
      });
    },
    async since(scope, version) {
      const found = await rows.select(MEMORY_COMMITS, {
        columns: ['version', 'author', 'parent'],
        where: ofUser(scope),
        atLeast: { version },
        orderBy: ['version'],
        limit: 2,
      });
      return found.map((row) => ({
        version: Number(row['version']),
        author: String(row['author']),
        parent: String(row['parent']),
      }));
    },
    async markApplied(scope, version) {
      await rows.update(MEMORY_COMMITS, { ...ofUser(scope), version }, { applied: 1 });
    },
    async slotsAt(scope, version) {
      const [row] = await rows.select(MEMORY_COMMITS, {
        columns: ['snapshot'],
        where: { ...ofUser(scope), version },
        limit: 1,
      });
      return row === undefined ? null : (JSON.parse(String(row['snapshot'])) as Commit['snapshot']).slots;
    },
    async removeThrough(scope, version) {
      const old = await rows.select(MEMORY_COMMITS, {
        columns: ['version'],
        where: ofUser(scope),
        atMost: { version },
        orderBy: ['version'],
        limit: 500,
      });
      for (const row of old) {
        await rows.remove(MEMORY_COMMITS, { ...ofUser(scope), version: Number(row['version']) });
      }
    },
  };
}

function toCommit(row: SqlRow): Commit {
  return {
    version: Number(row['version']),
    author: String(row['author']),
    parent: String(row['parent']),
    kind: String(row['kind']) as CommitKind,
    batchId: String(row['batch_id']),
    snapshot: JSON.parse(String(row['snapshot'])) as Commit['snapshot'],
    effects: JSON.parse(String(row['effects'])) as Commit['effects'],
    applied: row['applied'] === 1,
    createdMs: Number(row['created_ms']),
  };
}
