import { createRows } from '../../shared/adapters/sql/rows.ts';
import { BLOBS, DEAD_LETTERS, GISTS, MEMORY_COMMITS, USAGE } from '../../shared/adapters/sql/tables.ts';
import { loadConfig } from '../../shared/config.ts';
import type { Receipt } from '../../shared/domain/commit.ts';
import type { Snapshot } from '../../shared/domain/memory.ts';
import { DEFAULT_PROJECT } from '../../shared/domain/scope.ts';
import { HOUR_MS, hourOf } from '../../shared/domain/time.ts';
import { connect } from '../../shared/runtime/connections.ts';

/** One user's rows as they lie in the tables. */
export interface UserRows {
  /** Lowest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly author: string;
    readonly parent: string;
    readonly applied: boolean;
  }[];
  /** Of the latest version. */
  readonly snapshot: Snapshot | null;
  readonly gists: readonly { readonly text: string; readonly hasVector: boolean }[];
  readonly blobs: readonly { readonly id: string; readonly status: string }[];
  readonly deadLetters: number;
}

/** Looks at the store past the use cases, over a connection of its own. */
export interface Inspection {
  user(userId: string): Promise<UserRows>;
  /** Those of the hours since the inspection began. */
  receipts(): Promise<Receipt[]>;
  close(): Promise<void>;
}

/** @param env the configuration of the workers */
export async function openInspection(env: Readonly<Record<string, string>>): Promise<Inspection> {
  const { config } = await loadConfig({ ...process.env, ...env });
  const { executor, dialect } = await connect(config);
  const rows = createRows(executor, dialect);
  const sinceMs = Date.now();
  return {
    async user(userId) {
      const project = { project_id: DEFAULT_PROJECT };
      // In a user's first life the key of the rows is the id itself.
      const life = { ...project, user_key: userId };
      const commits = await all(
        rows.pages(MEMORY_COMMITS, {
          columns: ['version', 'author', 'parent', 'applied', 'snapshot'],
          where: { ...project, user_id: userId },
          last: 'version',
        }),
      );
      const gists = await all(
        rows.pages(GISTS, { columns: ['text', 'vector'], where: life, last: 'gist_id' }),
      );
      const blobs = await all(rows.pages(BLOBS, { columns: ['status'], where: life, last: 'blob_id' }));
      const letters = await all(rows.pages(DEAD_LETTERS, { columns: [], where: life, last: 'batch_id' }));
      const latest = commits.at(-1);
      return {
        versions: commits.map((row) => ({
          version: Number(row['version']),
          author: String(row['author']),
          parent: String(row['parent']),
          applied: Number(row['applied']) === 1,
        })),
        snapshot: latest === undefined ? null : (JSON.parse(String(latest['snapshot'])) as Snapshot),
        gists: gists.map((row) => ({ text: String(row['text']), hasVector: row['vector'] !== '' })),
        blobs: blobs.map((row) => ({ id: String(row['blob_id']), status: String(row['status']) })),
        deadLetters: letters.length,
      };
    },
    async receipts() {
      const found: Receipt[] = [];
      for (let hourMs = sinceMs; hourOf(hourMs) <= hourOf(Date.now()); hourMs += HOUR_MS) {
        const where = { project_id: DEFAULT_PROJECT, hour: hourOf(hourMs) };
        const page = await all(rows.pages(USAGE, { columns: ['receipt'], where, last: 'batch_id' }));
        found.push(...page.map((row) => JSON.parse(String(row['receipt'])) as Receipt));
      }
      return found;
    },
    close: () => executor.close(),
  };
}

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}
