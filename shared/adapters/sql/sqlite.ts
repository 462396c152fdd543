import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { MemoryError } from '../../domain/errors.ts';
import type { SqlExecutor, SqlRow, SqlValue } from './executor.ts';

/** How long a writer waits for another process that holds the file, before it reports `store_unavailable`. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens (and creates) an embedded database. Several processes may hold the same file.
 * `synchronous=FULL` because an acknowledged message has to survive a power cut, not only a crash.
 *
 * @param path file path, or `:memory:`
 */
export async function openSqlite(path: string): Promise<SqlExecutor> {
  const { default: Database } = await import('libsql');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = attempt(() => new Database(path));
  attempt(() => {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
  });
  // The driver does not give back the memory of a statement: one is prepared for each text and kept.
  const prepared = new Map<string, ReturnType<typeof database.prepare>>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    async query(sql, params) {
      return attempt(() => statement(sql).all(bindable(params)) as SqlRow[]);
    },
    async run(sql, params) {
      attempt(() => statement(sql).run(bindable(params)));
    },
    async close() {
      prepared.clear();
      database.close();
    },
  };
}

function bindable(params: readonly SqlValue[]): (string | number | null | Buffer)[] {
  return params.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value,
  );
}

/** `SQLITE_ERROR` is a wrong statement or schema, which no waiting heals; busy, locked, full and the like may pass. */
function attempt<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const code =
      (error as { code?: unknown } | null)?.code === 'SQLITE_ERROR'
        ? 'statement_refused'
        : 'store_unavailable';
    throw new MemoryError(code, `SQLite: ${text}`, { cause: error });
  }
}
