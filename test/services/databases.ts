import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { type MysqlOptions, openMysql } from '../../shared/adapters/sql/mysql.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { quoteNames } from '../../shared/adapters/sql/quote-names.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';
import { configSchema } from '../../shared/config.ts';
import { mysqlOptions } from '../../shared/runtime/connections.ts';

export const USER = 'memobase';
export const PASSWORD = 'p\'w"\\1';

/** Runs a statement as the server's administrator. */
export async function admin(sql: string, database?: string): Promise<Record<string, unknown>[]> {
  const { host, port, adminUser } = inject('mariaDb');
  const connection = await createConnection({
    host,
    port,
    user: adminUser,
    ...(database === undefined ? {} : { database }),
  });
  try {
    const [rows] = await connection.query(sql);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  } finally {
    await connection.end();
  }
}

/** An empty database of its own, and an account that may do everything in it. */
export async function newDatabase(): Promise<string> {
  const name = `memory_${randomBytes(6).toString('hex')}`;
  // The server's default would take A for a; the tables have to say otherwise themselves.
  await admin(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`);
  await admin(`GRANT ALL ON \`${name}\`.* TO '${USER}'@'%' IDENTIFIED BY 'p''w"\\\\1'`);
  return name;
}

/** Settings of the product for a database of the test server. */
export function settingsFor(database: string, store: 'mysql' | 'lindorm' = 'mysql'): Record<string, string> {
  const { host, port } = inject('mariaDb');
  const prefix = store === 'mysql' ? 'MYSQL' : 'LINDORM_TABLE';
  return {
    MEMOBASE_STORE: store,
    [`MEMOBASE_${prefix}_HOST`]: host,
    [`MEMOBASE_${prefix}_PORT`]: String(port),
    [`MEMOBASE_${prefix}_USERNAME`]: USER,
    [`MEMOBASE_${prefix}_PASSWORD`]: PASSWORD,
    [`MEMOBASE_${prefix}_DATABASE`]: database,
  };
}

/** As the product connects, unless told otherwise. */
export function optionsFor(database: string, changes: Partial<MysqlOptions> = {}): MysqlOptions {
  const { host, port } = inject('mariaDb');
  const config = configSchema.parse({
    mysql_host: host,
    mysql_port: port,
    mysql_username: USER,
    mysql_password: PASSWORD,
    mysql_database: database,
  });
  return { ...mysqlOptions(config), ...changes };
}

export async function openExecutor(
  database: string,
  changes: Partial<MysqlOptions> = {},
): Promise<SqlExecutor> {
  return quoteNames(await openMysql(optionsFor(database, changes)), TABLES);
}

/** An executor on a new database with the product's tables. */
export async function migratedExecutor(changes: Partial<MysqlOptions> = {}): Promise<SqlExecutor> {
  const executor = await openExecutor(await newDatabase(), changes);
  await migrate(executor, mysqlDialect, 0);
  return executor;
}
