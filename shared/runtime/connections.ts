import { existsSync, readFileSync } from 'node:fs';
import { type Dialect, sqliteDialect } from '../adapters/sql/dialect.ts';
import type { SqlExecutor } from '../adapters/sql/executor.ts';
import { createLindormDialect } from '../adapters/sql/lindorm-dialect.ts';
import { type MysqlOptions, openMysql } from '../adapters/sql/mysql.ts';
import { mysqlDialect } from '../adapters/sql/mysql-dialect.ts';
import { quoteNames } from '../adapters/sql/quote-names.ts';
import { openSqlite } from '../adapters/sql/sqlite.ts';
import { TABLES } from '../adapters/sql/tables.ts';
import type { Config } from '../config.ts';
import { MemoryError } from '../domain/errors.ts';

/** An open database and how to speak to it. */
export interface Connection {
  readonly executor: SqlExecutor;
  readonly dialect: Dialect;
}

export interface ConnectOptions {
  /** How long one statement may take; the driver's default serves requests. */
  readonly statementMs?: number;
}

type Connect = (config: Config, options: ConnectOptions) => Promise<Connection>;

/** Drivers are loaded by the store that needs them. */
const CONNECT = {
  sqlite: async (config) => ({ executor: await openSqlite(config.sqlite_path), dialect: sqliteDialect }),
  mysql: async (config, options) => ({
    executor: await openQuoted(mysqlOptions(config), options),
    dialect: mysqlDialect,
  }),
  lindorm: async (config, options) => ({
    executor: await openQuoted(lindormOptions(config), options),
    dialect: createLindormDialect({
      eventsTtlS: lifetime(config.lindorm_events_ttl),
      gistsTtlS: lifetime(config.lindorm_event_gists_ttl),
    }),
  }),
} as const satisfies Record<Config['store'], Connect>;

/** Opens the configured database; that of another machine is connected to by the first statement. */
export function connect(config: Config, options: ConnectOptions = {}): Promise<Connection> {
  return CONNECT[config.store](config, options);
}

const lifetime = (seconds: number): number | null => (seconds === -1 ? null : seconds);

async function openQuoted(options: MysqlOptions, times: ConnectOptions): Promise<SqlExecutor> {
  return quoteNames(await openMysql(options, times), TABLES);
}

/** What does not fit is refused instead of cut, and a backslash is an escape, whatever the server's own mode. */
const STRICT = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";

export function mysqlOptions(config: Config): MysqlOptions {
  return {
    settings: 'mysql',
    host: config.mysql_host,
    port: config.mysql_port,
    user: config.mysql_username,
    password: config.mysql_password,
    database: config.mysql_database,
    poolSize: config.mysql_pool_size,
    tls: config.mysql_use_ssl
      ? { ca: pem('mysql_ca', config.mysql_ca), verify: config.mysql_ssl_verify }
      : null,
    session: [STRICT],
  };
}

export function lindormOptions(config: Config): MysqlOptions {
  return {
    settings: 'lindorm_table',
    host: config.lindorm_table_host,
    port: config.lindorm_table_port,
    user: config.lindorm_table_username,
    password: config.lindorm_table_password,
    database: config.lindorm_table_database,
    poolSize: config.lindorm_table_pool_size,
    tls: config.lindorm_table_use_ssl
      ? { ca: pem('lindorm_table_ca', config.lindorm_table_ca), verify: config.lindorm_table_ssl_verify }
      : null,
    session: [],
  };
}

/** The text of a certificate given as text or as a file's path. Throws `config_invalid` where there is no such file. */
export function pem(setting: string, value: string | undefined): string | undefined {
  if (value === undefined || value.includes('-----BEGIN')) return value;
  if (existsSync(value)) return readFileSync(value, 'utf8');
  throw new MemoryError('config_invalid', `${setting} names ${value}, and there is no such file.`);
}
