import type { SqlRow, SqlValue } from '../../shared/adapters/sql/executor.ts';
import type { Effects } from '../../shared/domain/commit.ts';
import { markersIn } from './llm.ts';
import type { Scheduler } from './scheduler.ts';
import type { Stats } from './stats.ts';

/** A version that became part of a user's memory. */
export interface SeenCommit {
  readonly user: string;
  readonly version: number;
  readonly life: number;
  readonly kind: string;
  readonly effects: Effects;
  readonly step: number;
}

/** Watches the writes that reach the database, from outside: what really happened, whoever was told what. */
export interface Witness {
  readonly commits: readonly SeenCommit[];
  /** Blob ids by marker, in every life. */
  readonly blobsOf: ReadonlyMap<string, ReadonlySet<string>>;
  saw(sql: string, params: readonly SqlValue[]): Promise<void>;
}

type Look = (sql: string, params?: readonly SqlValue[]) => Promise<SqlRow[]>;

export function createWitness(look: Look, scheduler: Scheduler, stats: Stats): Witness {
  const commits: SeenCommit[] = [];
  const heads = new Map<string, number>();
  const blobsOf = new Map<string, Set<string>>();
  const applied = new Set<string>();

  const sawCommit = async (row: Record<string, SqlValue>): Promise<void> => {
    const user = `${row['project_id']}/${row['user_id']}`;
    const version = Number(row['version']);
    const [standing] = await look(
      'SELECT author FROM memory_commits WHERE project_id = ? AND user_id = ? AND version = ?',
      [row['project_id'] ?? '', row['user_id'] ?? '', version],
    );
    const head = heads.get(user) ?? 0;
    if (standing?.['author'] !== row['author']) return stats.count('lost_race');
    if (version !== head + 1) return stats.count('stale_row');
    heads.set(user, version);
    stats.count('commits');
    const kind = String(row['kind']);
    if (kind === 'delete_user') stats.count('deletion');
    if (kind === 'dead_letter') stats.count('dead_letter');
    const effects = JSON.parse(String(row['effects'])) as Effects;
    commits.push({ user, version, life: Number(row['life']), kind, effects, step: scheduler.steps });
  };

  const sawBlob = (row: Record<string, SqlValue>): void => {
    for (const marker of markersIn(String(row['payload']))) {
      const ids = blobsOf.get(marker) ?? new Set();
      ids.add(String(row['blob_id']));
      blobsOf.set(marker, ids);
    }
  };

  return {
    commits,
    blobsOf,
    async saw(sql, params) {
      if (sql.startsWith('INSERT') && sql.includes(' memory_commits ')) await sawCommit(rowOf(sql, params));
      else if (sql.startsWith('INSERT') && sql.includes(' blobs ')) sawBlob(rowOf(sql, params));
      else if (sql.startsWith('UPDATE memory_commits')) {
        const key = params.slice(1).join('/');
        if (applied.has(key)) stats.count('redone_commit');
        applied.add(key);
      } else if (sql.startsWith('DELETE FROM memory_commits')) {
        const user = `${params[0]}/${params[1]}`;
        // The last row of a forgotten user: versions begin anew.
        if (heads.get(user) === Number(params[2])) heads.delete(user);
      }
    },
  };
}

const columns = new Map<string, readonly string[]>();

function rowOf(sql: string, params: readonly SqlValue[]): Record<string, SqlValue> {
  let names = columns.get(sql);
  if (names === undefined) {
    names = (/\(([^)]+)\)/.exec(sql)?.[1] ?? '').split(', ');
    columns.set(sql, names);
  }
  return Object.fromEntries(names.map((name, index) => [name, params[index] ?? null]));
}
