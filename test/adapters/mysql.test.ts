import { describe, expect, onTestFinished, test } from 'vitest';
import { type MysqlOptions, openMysql } from '../../shared/adapters/sql/mysql.ts';
import { explainConnect } from '../../shared/adapters/sql/mysql-errors.ts';
import { withLiterals } from '../../shared/adapters/sql/mysql-literals.ts';
import { startScriptedServer } from './mysql-server.ts';

async function open(port: number, changes: Partial<MysqlOptions> = {}) {
  const options: MysqlOptions = {
    settings: 'mysql',
    host: '127.0.0.1',
    port,
    user: 'memobase',
    password: undefined,
    database: 'memory',
    poolSize: 2,
    tls: null,
    session: [],
    ...changes,
  };
  const executor = await openMysql(options, { busyMs: 0 });
  onTestFinished(() => executor.close());
  return executor;
}

const BUSY = [
  [1040, 'Too many connections'],
  [3024, 'Query execution was interrupted, maximum statement execution time exceeded'],
  [8008, 'limit exceeded'],
  [1213, 'Deadlock found'],
] as const;

describe('a statement', () => {
  test.each(BUSY)('refused with %i is tried once more', async (errno, text) => {
    const server = await startScriptedServer([{ n: 0 }, { errno, text }, { n: 7 }]);
    const executor = await open(server.port);
    await executor.query('SELECT 0 AS n', []);
    expect(await executor.query('SELECT ? AS n', [7])).toEqual([{ n: 7 }]);
    expect(server.statements).toEqual(['SELECT 0 AS n', 'SELECT 7 AS n', 'SELECT 7 AS n']);
    expect(server.connections).toBe(1);
  });

  test('whose connection is cut is sent again on a new one, once', async () => {
    const server = await startScriptedServer([{ n: 0 }, 'cut', { n: 7 }]);
    const executor = await open(server.port);
    await executor.query('SELECT 0 AS n', []);
    expect(await executor.query('SELECT 7 AS n', [])).toEqual([{ n: 7 }]);
    expect(server.connections).toBe(2);
  });

  test('that fails twice is an outage for its caller', async () => {
    const server = await startScriptedServer([{ n: 0 }, 'cut']);
    const executor = await open(server.port);
    await executor.query('SELECT 0 AS n', []);
    await expect(executor.query('SELECT 7 AS n', [])).rejects.toMatchObject({
      code: 'store_unavailable',
      healing: 'later',
    });
    expect(server.statements).toHaveLength(3);
  });

  test('that is wrong is not tried again', async () => {
    const server = await startScriptedServer([{ errno: 1064, text: 'You have an error' }]);
    const executor = await open(server.port);
    await expect(executor.run('UPSERT', [])).rejects.toMatchObject({ code: 'internal' });
    expect(server.statements).toEqual(['UPSERT']);
  });

  test('is preceded by the session’s own on each new connection', async () => {
    const server = await startScriptedServer([{ n: 0 }]);
    const executor = await open(server.port, { poolSize: 1, session: ['DO 1'] });
    await executor.query('SELECT 1 AS n', []);
    await executor.query('SELECT 2 AS n', []);
    expect(server.statements).toEqual(['DO 1', 'SELECT 1 AS n', 'SELECT 2 AS n']);
  });
});

describe('no connection', () => {
  test('for want of TLS says so', async () => {
    const server = await startScriptedServer([{ n: 0 }]);
    const executor = await open(server.port, { tls: { ca: undefined, verify: true } });
    await expect(executor.query('SELECT 1 AS n', [])).rejects.toMatchObject({
      code: 'config_invalid',
      message: '127.0.0.1 offers no TLS. Set mysql_use_ssl to false, or switch TLS on at the server.',
    });
  });

  test.each([
    [{ code: 'ENOTFOUND' }, 'mysql_host'],
    [{ code: 'ECONNREFUSED' }, 'mysql_port'],
    [{ code: 'ETIMEDOUT' }, 'white list'],
    [{ code: 'ER_ACCESS_DENIED_ERROR', errno: 1045 }, 'mysql_password'],
    [{ code: 'ER_BAD_DB_ERROR', errno: 1049 }, 'mysql_database'],
    [{ errno: 3159 }, 'Set mysql_use_ssl to true'],
    [{ code: 'HANDSHAKE_SSL_ERROR', message: 'certificate has expired' }, 'mysql_ca'],
    [{ code: 'PROTOCOL_CONNECTION_LOST' }, 'mysql_port is the MySQL port'],
  ])('%o is explained in one line that names the setting', (cause, setting) => {
    const address = { host: 'db', port: 3306, user: 'u', database: 'd', settings: 'mysql' };
    const error = explainConnect({ message: 'm', ...cause }, address);
    expect(error.code).toBe('config_invalid');
    expect(error.message).toContain(setting);
    expect(error.message).not.toContain('\n');
  });
});

describe('values in a statement', () => {
  test('are written so that none can end its own literal', () => {
    expect(withLiterals('VALUES (?, ?, ?, ?)', ["it's \\", 5, null, Buffer.from([0, 255])])).toBe(
      "VALUES ('it''s \\\\', 5, NULL, X'00ff')",
    );
  });

  test('may hold a question mark, and have to be as many as the places', () => {
    expect(withLiterals('a = ? AND b = ?', ['?', 'x?'])).toBe("a = '?' AND b = 'x?'");
    expect(() => withLiterals('a = ?', [])).toThrow('0 values for 1 places');
    expect(() => withLiterals('a = ?', [Number.NaN])).toThrow('cannot be stored');
  });
});
