import Database from 'libsql';
import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlExecutor, SqlRow, SqlValue } from '../../shared/adapters/sql/executor.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';
import type { Search, Store } from '../../shared/app/ports.ts';

/** What stands between the store and the database while a seed runs. */
export type Route = <T>(sql: string, params: readonly SqlValue[], perform: () => Promise<T>) => Promise<T>;

/** The real store on a real database, built once and emptied between seeds. */
export interface SimulatedDatabase {
  readonly store: Store;
  readonly search: Search;
  /** Past the gate and the route: the eye of the judge. */
  look(sql: string, params?: readonly SqlValue[]): Promise<SqlRow[]>;
  route(through: Route | null): void;
  empty(): Promise<void>;
}

export const VECTOR_LENGTH = 4;
const SEARCH_TABLES = ['search_docs'] as const;
/** What belongs to the database, not to a seed. */
const KEPT_TABLES: readonly string[] = ['schema_versions', 'settings'];

/** @param kind `quick` keeps statements prepared; `product` opens the database the way the product does */
export async function openDatabase(kind: 'quick' | 'product'): Promise<SimulatedDatabase> {
  const executor = kind === 'quick' ? quickSqlite() : await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  let through: Route | null = null;
  const routed: SqlExecutor = {
    async query(sql, params) {
      const perform = () => executor.query(sql, params);
      return through === null ? perform() : through(sql, params, perform);
    },
    async run(sql, params) {
      const perform = () => executor.run(sql, params);
      return through === null ? perform() : through(sql, params, perform);
    },
    close: () => executor.close(),
  };
  return {
    store: createSqlStore(routed, sqliteDialect),
    search: await createSqliteSearch(routed, VECTOR_LENGTH),
    look: (sql, params = []) => executor.query(sql, params),
    route(next) {
      through = next;
    },
    async empty() {
      for (const { name } of TABLES)
        if (!KEPT_TABLES.includes(name)) await executor.run(`DELETE FROM ${name}`, []);
      for (const name of SEARCH_TABLES) await executor.run(`DELETE FROM ${name}`, []);
    },
  };
}

function quickSqlite(): SqlExecutor {
  const database = new Database(':memory:');
  const prepared = new Map<string, ReturnType<typeof database.prepare>>();
  const statement = (sql: string) => {
    let known = prepared.get(sql);
    if (known === undefined) {
      known = database.prepare(sql);
      prepared.set(sql, known);
    }
    return known;
  };
  return {
    async query(sql, params) {
      return statement(sql).all([...params]) as SqlRow[];
    },
    async run(sql, params) {
      statement(sql).run([...params]);
    },
    async close() {
      database.close();
    },
  };
}
