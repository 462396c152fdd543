import { MemoryError } from '../../domain/errors.ts';
import type { Dialect } from './dialect.ts';
import type { SqlExecutor } from './executor.ts';
import { migration0001 } from './migrations/0001-memory.ts';
import { migration0002 } from './migrations/0002-embedding-spaces.ts';
import { migration0003 } from './migrations/0003-slot-vectors.ts';
import { isMissing } from './mysql-errors.ts';
import { createRows } from './rows.ts';
import { readSetting, writeSetting } from './settings.ts';
import { SCHEMA_VERSIONS, SETTINGS, type Table } from './tables.ts';

/** A migration that has been released is never edited. */
export interface Migration {
  readonly version: number;
  /** Tables it creates. */
  readonly tables: readonly Table[];
  /** Columns it adds to tables of earlier versions; null in rows that are there already. */
  readonly columns: readonly { readonly table: Table; readonly column: string }[];
}

/** What there is to do; nothing, when `statements` is empty. */
export interface MigrationPlan {
  /** Version found; 0 is an empty database. */
  readonly from: number;
  readonly to: number;
  readonly statements: readonly string[];
}

const MIGRATIONS: readonly Migration[] = [migration0001, migration0002, migration0003];
const NEWEST = Math.max(...MIGRATIONS.map(({ version }) => version));
const COMPONENT = 'memory';
const RETENTION = 'retention';

/**
 * Brings the database to this code's schema. Safe to run at any time and by several processes at once.
 * Throws `schema_newer` where a later version of this software has changed the database.
 *
 * @param executor without the strict gate: it speaks DDL
 * @returns what was done
 */
export async function migrate(
  executor: SqlExecutor,
  dialect: Dialect,
  nowMs: number,
): Promise<MigrationPlan> {
  const rows = createRows(executor, dialect);
  return walk(executor, dialect, {
    run: (sql) => executor.run(sql, []),
    applied: (version) =>
      rows.putIfAbsent(SCHEMA_VERSIONS, { component: COMPONENT, version, applied_ms: nowMs }),
    retained: () => writeSetting(rows, RETENTION, dialect.retention?.seconds, nowMs),
  });
}

/** What {@link migrate} would do, without doing it. Throws as it does. */
export function planMigration(executor: SqlExecutor, dialect: Dialect): Promise<MigrationPlan> {
  const nothing = async (): Promise<void> => undefined;
  return walk(executor, dialect, { run: nothing, applied: nothing, retained: nothing });
}

interface Doing {
  run(sql: string): Promise<void>;
  applied(version: number): Promise<void>;
  retained(): Promise<void>;
}

/** The one way through the migrations, whether they are done or only looked at. */
async function walk(executor: SqlExecutor, dialect: Dialect, doing: Doing): Promise<MigrationPlan> {
  const applied = await appliedVersions(executor, dialect);
  const statements: string[] = [];
  const perform = async (sql: string): Promise<void> => {
    await doing.run(sql);
    statements.push(sql);
  };
  /** Tables made on this walk: what a later step adds to them cannot be there. */
  const fresh = new Set<Table['name']>();
  const create = async (table: Table): Promise<void> => {
    if (await tableExists(table, executor, dialect)) return;
    await perform(dialect.createTable(table));
    fresh.add(table.name);
  };
  const pending = MIGRATIONS.filter(({ version }) => !applied.has(version));
  if (pending.length > 0) await create(SCHEMA_VERSIONS);
  for (const { version, tables, columns } of pending) {
    for (const table of tables) await create(table);
    for (const { table, column } of columns) {
      if (!fresh.has(table.name) && (await columnExists(table, column, executor))) continue;
      await perform(dialect.addColumn(table, column)).catch(async (error: unknown) => {
        // Another process may have been faster.
        if (!(await columnExists(table, column, executor))) throw error;
      });
    }
    await doing.applied(version);
  }
  const changes = await retentionChanges(executor, dialect, fresh.has(SETTINGS.name));
  for (const sql of changes) await perform(sql);
  if (changes.length > 0) await doing.retained();
  return { from: Math.max(0, ...applied), to: NEWEST, statements };
}

/**
 * Refuses to go on without this code's schema: `config_invalid` when the migration has not been run, `schema_newer`
 * when a newer version's has. One read.
 */
export async function assertMigrated(executor: SqlExecutor, dialect: Dialect): Promise<void> {
  const applied = await versionsOf(executor, dialect).catch((error: unknown) => {
    if (isMissing(error)) return new Set<number>();
    throw error;
  });
  refuseNewer(applied);
  if (applied.has(NEWEST)) return;
  const found = applied.size === 0 ? 'no tables' : `schema version ${Math.max(...applied)}`;
  throw new MemoryError(
    'config_invalid',
    `The database has ${found}, this software needs version ${NEWEST}. Run npm run migrate.`,
  );
}

async function appliedVersions(executor: SqlExecutor, dialect: Dialect): Promise<ReadonlySet<number>> {
  if (!(await tableExists(SCHEMA_VERSIONS, executor, dialect))) return new Set();
  const applied = await versionsOf(executor, dialect);
  refuseNewer(applied);
  return applied;
}

async function versionsOf(executor: SqlExecutor, dialect: Dialect): Promise<Set<number>> {
  const found = await createRows(executor, dialect).select(SCHEMA_VERSIONS, {
    columns: ['version'],
    where: { component: COMPONENT },
    limit: 1_000,
  });
  return new Set(found.map((row) => Number(row['version'])));
}

function refuseNewer(applied: ReadonlySet<number>): void {
  const highest = Math.max(0, ...applied);
  if (highest <= NEWEST) return;
  throw new MemoryError(
    'schema_newer',
    `The database has schema version ${highest}, this software knows ${NEWEST}. Deploy a newer version.`,
  );
}

/** Cheap; on Lindorm even a CREATE TABLE IF NOT EXISTS that has nothing to do takes twenty seconds. */
async function tableExists(table: Table, executor: SqlExecutor, dialect: Dialect): Promise<boolean> {
  const found = await executor.query(dialect.findTable(table.name), []);
  return found.some((row) => Object.values(row).includes(table.name));
}

/** Asks for it, since the dialects list columns in different ways. */
async function columnExists(table: Table, column: string, executor: SqlExecutor): Promise<boolean> {
  const [first = ''] = Object.keys(table.key);
  try {
    await executor.query(`SELECT ${column} FROM ${table.name} WHERE ${first} = ? LIMIT 1`, ['']);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** @param fresh nothing can have been noted yet */
async function retentionChanges(executor: SqlExecutor, dialect: Dialect, fresh: boolean): Promise<string[]> {
  const { retention } = dialect;
  if (retention === null) return [];
  const before = fresh ? null : await readSetting(createRows(executor, dialect), RETENTION);
  const known = (before ?? {}) as Readonly<Record<string, number | null>>;
  return Object.entries(retention.seconds)
    .filter(([table, seconds]) => (known[table] ?? null) !== seconds)
    .map(([table, seconds]) => retention.change(table, seconds));
}
