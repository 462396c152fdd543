import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolConnection, PoolOptions, RowDataPacket } from 'mysql2/promise';
import type { SqlExecutor, SqlRow, SqlValue } from './executor.ts';
import { type Address, explainConnect, explainStatement, isBusy, isLost } from './mysql-errors.ts';
import { withLiterals } from './mysql-literals.ts';

export interface MysqlOptions extends Address {
  readonly password: string | undefined;
  /** Most connections at a time; further statements wait. */
  readonly poolSize: number;
  /** Null: plain text. */
  readonly tls: MysqlTls | null;
  /** Statements a new connection runs before its first use. */
  readonly session: readonly string[];
}

export interface MysqlTls {
  /** Certificates of the trusted authorities as PEM text; undefined trusts those Node knows. */
  readonly ca: string | undefined;
  /** False accepts any certificate. */
  readonly verify: boolean;
}

/** What tests replace. */
export interface MysqlTimes {
  readonly clock: () => number;
  readonly connectMs: number;
  /** How long one statement may take until its connection is given up. */
  readonly statementMs: number;
  /** Wait before the second try of a statement the server had no room for. */
  readonly busyMs: number;
}

const TIMES: MysqlTimes = { clock: Date.now, connectMs: 10_000, statementMs: 20_000, busyMs: 200 };

/**
 * A connection idle for longer is not used again. Lindorm cuts after ten minutes, and a function that was frozen
 * does not notice; timers stand still while it is, the clock does not.
 */
const MAX_IDLE_MS = 60_000;

/**
 * Text protocol over a small pool. Every statement is safe to repeat by design, so one that met a lost connection or
 * a busy server is tried exactly once more. Connects on first use. Throws `config_invalid` with one line that
 * names the setting to look at when the first connection fails, `store_unavailable` later on.
 */
export async function openMysql(
  options: MysqlOptions,
  times: Partial<MysqlTimes> = {},
): Promise<SqlExecutor> {
  const { createPool } = await import('mysql2/promise');
  const { busyMs, ...others } = { ...TIMES, ...times };
  const connections = createConnections(createPool(poolOptions(options, others.connectMs)), options, others);
  const execute = async (sql: string, params: readonly SqlValue[]): Promise<SqlRow[]> => {
    const text = withLiterals(sql, params);
    let outcome = await connections.perform(text);
    if ('error' in outcome && outcome.again) {
      if (isBusy(outcome.error)) await sleep(busyMs);
      outcome = await connections.perform(text);
    }
    if (!('error' in outcome)) return outcome.rows;
    throw (outcome.first ? explainConnect : explainStatement)(outcome.error, options);
  };
  return {
    query: execute,
    async run(sql, params) {
      await execute(sql, params);
    },
    close: () => connections.close(),
  };
}

type Outcome =
  | { readonly rows: SqlRow[] }
  | {
      readonly error: unknown;
      /** Whether a second try may help. */
      readonly again: boolean;
      /** Never before had a connection of this pool come about. */
      readonly first: boolean;
    };

interface Connections {
  perform(text: string): Promise<Outcome>;
  close(): Promise<void>;
}

function createConnections(
  pool: Pool,
  { session }: Pick<MysqlOptions, 'session'>,
  { clock, statementMs }: Pick<MysqlTimes, 'clock' | 'statementMs'>,
): Connections {
  const lastUse = new WeakMap<object, number>();
  let connected = false;
  /** Connections last used before this are not trusted: one of their kind was found dead. */
  let distrustedUntilMs = Number.NEGATIVE_INFINITY;

  const send = async (connection: PoolConnection, sql: string): Promise<SqlRow[]> => {
    const [found] = await connection.query<RowDataPacket[]>({ sql, timeout: statementMs });
    lastUse.set(connection.connection, clock());
    return Array.isArray(found) ? (found as SqlRow[]) : [];
  };
  const acquire = async (): Promise<PoolConnection> => {
    for (;;) {
      const connection = await pool.getConnection();
      const usedMs = lastUse.get(connection.connection);
      if (usedMs === undefined) {
        await prepare(connection);
        return connection;
      }
      if (clock() - usedMs <= MAX_IDLE_MS && usedMs > distrustedUntilMs) return connection;
      connection.destroy();
    }
  };
  const prepare = async (connection: PoolConnection): Promise<void> => {
    try {
      for (const statement of session) await send(connection, statement);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    lastUse.set(connection.connection, clock());
    connected = true;
  };
  return {
    async perform(text) {
      let connection: PoolConnection;
      try {
        connection = await acquire();
      } catch (error) {
        // A server that never answered is a setting to correct, not worth a second wait.
        return { error, again: isBusy(error) || (connected && isLost(error)), first: !connected };
      }
      try {
        const rows = await send(connection, text);
        connection.release();
        return { rows };
      } catch (error) {
        const lost = isLost(error);
        if (lost) distrustedUntilMs = clock();
        if (lost) connection.destroy();
        else connection.release();
        return { error, again: lost || isBusy(error), first: false };
      }
    },
    close: () => pool.end(),
  };
}

function poolOptions(options: MysqlOptions, connectTimeout: number): PoolOptions {
  const { host, port, user, password, database, poolSize, tls } = options;
  return {
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(tls === null ? {} : { ssl: sslOptions(tls) }),
    connectionLimit: poolSize,
    // The pool reaps idle connections only while it keeps fewer than it may open; a single one is never reaped.
    maxIdle: Math.max(1, poolSize - 1),
    idleTimeout: MAX_IDLE_MS,
    enableKeepAlive: true,
    keepAliveInitialDelay: 30_000,
    connectTimeout,
    charset: 'utf8mb4',
    timezone: 'Z',
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    multipleStatements: false,
    resetOnRelease: false,
    queryFormat: (sql: string) => sql,
  };
}

function sslOptions({ ca, verify }: MysqlTls) {
  return {
    ...(ca === undefined ? {} : { ca }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify,
    verifyIdentity: verify,
  };
}
