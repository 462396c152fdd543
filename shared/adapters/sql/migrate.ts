import { MemoryError } from '../../domain/errors.ts';
import type { Dialect } from './dialect.ts';
import type { SqlExecutor } from './executor.ts';
import { migration0001 } from './migrations/0001-memory.ts';
import { createRows } from './rows.ts';
import { SCHEMA_VERSIONS, type Table } from './tables.ts';

export interface Migration {
  readonly version: number;
  /** Tables it creates. A migration that has been released is never edited. */
  readonly tables: readonly Table[];
}

const MIGRATIONS: readonly Migration[] = [migration0001];
const COMPONENT = 'memory';

/**
 * Brings the database to this code's schema. Safe to run at any time and by several processes at once.
 * Throws `schema_newer` where a later version of this software has changed the database.
 *
 * @param executor without the strict gate: it speaks DDL
 */
export async function migrate(executor: SqlExecutor, dialect: Dialect, nowMs: number): Promise<void> {
  const rows = createRows(executor, dialect);
  await executor.run(dialect.createTable(SCHEMA_VERSIONS), []);
  const done = await rows.select(SCHEMA_VERSIONS, {
    columns: ['version'],
    where: { component: COMPONENT },
    limit: 1_000,
  });
  const applied = new Set(done.map((row) => Number(row['version'])));
  const newest = Math.max(...MIGRATIONS.map(({ version }) => version));
  const unknown = [...applied].filter((version) => version > newest);
  if (unknown.length > 0) {
    throw new MemoryError(
      'schema_newer',
      `The database has schema version ${Math.max(...unknown)}, this software knows ${newest}. Deploy a newer version.`,
    );
  }
  for (const { version, tables } of MIGRATIONS) {
    if (applied.has(version)) continue;
    for (const table of tables) await executor.run(dialect.createTable(table), []);
    await rows.putIfAbsent(SCHEMA_VERSIONS, { component: COMPONENT, version, applied_ms: nowMs });
  }
}
