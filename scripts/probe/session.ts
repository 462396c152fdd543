import { createPool, type Pool, type ResultSetHeader } from 'mysql2/promise';
import type { Dialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlRow, SqlValue } from '../../shared/adapters/sql/executor.ts';
import type { MysqlOptions } from '../../shared/adapters/sql/mysql.ts';
import { explainConnect } from '../../shared/adapters/sql/mysql-errors.ts';
import { withLiterals } from '../../shared/adapters/sql/mysql-literals.ts';
import type { Table } from '../../shared/adapters/sql/tables.ts';

/** Clients that race for one row. */
export const RACERS = 50;

export const PROBE = {
  name: 'memobase_probe',
  key: { scope: 'key', n: 'integer' },
  columns: { status: 'key', owner: 'key', body: 'text', amount: 'integer' },
} as const satisfies Table;

/** The driver itself, because the probe asks for what the product never looks at. */
export interface ProbeSession {
  readonly dialect: Dialect;
  readonly options: MysqlOptions;
  readonly pool: Pool;
  query(sql: string, params?: readonly SqlValue[]): Promise<SqlRow[]>;
  /** @returns rows the server says it touched */
  change(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /** Writes a row of the probe's table, over whatever is there. */
  put(row: { scope: string; n: number; [column: string]: SqlValue }): Promise<void>;
  close(): Promise<void>;
}

/** Throws `config_invalid` when there is no connection. */
export async function openProbe(options: MysqlOptions, dialect: Dialect): Promise<ProbeSession> {
  const { host, port, user, password, database, tls, session: preparation } = options;
  const pool = createPool({
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(tls === null
      ? {}
      : { ssl: { ...(tls.ca === undefined ? {} : { ca: tls.ca }), rejectUnauthorized: tls.verify } }),
    connectionLimit: RACERS,
    charset: 'utf8mb4',
    supportBigNumbers: true,
    jsonStrings: true,
  });
  const send = async (sql: string, params: readonly SqlValue[] = []): Promise<unknown> => {
    const connection = await pool.getConnection();
    try {
      for (const statement of preparation) await connection.query(statement);
      return (await connection.query(withLiterals(sql, params)))[0];
    } finally {
      connection.release();
    }
  };
  const session: ProbeSession = {
    dialect,
    options,
    pool,
    query: async (sql, params) => (await send(sql, params)) as SqlRow[],
    change: async (sql, params) => ((await send(sql, params)) as ResultSetHeader).affectedRows,
    async put(row) {
      await session.change(dialect.upsert(PROBE, Object.keys(row)), Object.values(row));
    },
    close: () => pool.end(),
  };
  await session.query('SELECT 1').catch(async (error: unknown) => {
    await session.close();
    throw explainConnect(error, options);
  });
  return session;
}
