import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { createLindormDialect } from '../../shared/adapters/sql/lindorm-dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { type MysqlOptions, type MysqlTimes, openMysql } from '../../shared/adapters/sql/mysql.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { lindormLike } from '../adapters/lindorm-like.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { admin, newDatabase, openExecutor, optionsFor, USER } from './databases.ts';

let database = '';
beforeAll(async () => {
  database = await newDatabase();
  const executor = await openExecutor(database);
  await migrate(executor, mysqlDialect, 0);
  await executor.close();
});

async function open(changes: Partial<MysqlOptions> = {}, times: Partial<MysqlTimes> = {}) {
  const executor = await openMysql(optionsFor(database, changes), times);
  onTestFinished(() => executor.close());
  return executor;
}

/** Connections of the product to this file's database, as the server counts them. */
async function connectionIds(): Promise<number[]> {
  const rows = await admin(
    `SELECT id FROM information_schema.processlist WHERE user = '${USER}' AND db = '${database}'`,
  );
  return rows.map((row) => Number(row['id'] ?? row['ID']));
}

const pause = (project: string) => ({
  sql: 'INSERT INTO projects (project_id, pause_reason, pause_until_ms) VALUES (?, ?, ?)',
  params: [project, 'r', 1],
});

describe('a connection', () => {
  test('the server killed while it was idle is replaced, and the statement is answered', async () => {
    const executor = await open();
    await Promise.all([executor.query('SELECT 1 AS n', []), executor.query('SELECT 2 AS n', [])]);
    const ids = await connectionIds();
    expect(ids).toHaveLength(2);
    for (const id of ids) await admin(`KILL ${id}`);

    const answers = await Promise.all([1, 2, 3].map((n) => executor.query('SELECT ? AS n', [n])));

    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
    const now = await connectionIds();
    expect(now.filter((id) => ids.includes(id))).toEqual([]);
  });

  test('killed in the middle of a statement is replaced, and the statement runs again', async () => {
    const executor = await open({ poolSize: 1 });
    const answer = executor.query('SELECT SLEEP(CASE WHEN CONNECTION_ID() = ? THEN 60 ELSE 0 END) AS n', [
      await connectionOf(executor),
    ]);
    const [id] = await connectionIds();
    await untilBusy(id ?? 0);
    await admin(`KILL ${id}`);
    expect(await answer).toEqual([{ n: 0 }]);
  });

  test('cut before the answer to a write has the write once', async () => {
    const proxy = await startCuttingProxy(inject('mariaDb'));
    onTestFinished(() => proxy.close());
    const executor = await open({ host: '127.0.0.1', port: proxy.port });
    const store = createSqlStore(executor, mysqlDialect);
    const life = { projectId: 'cut', userId: 'ann', life: 1 };
    proxy.cutAfter('INSERT INTO leases');

    const holder = await store.leases.claim(life, 'chat', { epoch: 1, owner: 'me', untilMs: 5 });

    expect(holder).toEqual({ epoch: 1, owner: 'me', untilMs: 5 });
    expect(proxy.cuts).toBe(1);
    expect(await admin("SELECT owner FROM leases WHERE scope LIKE 'cut/%'", database)).toEqual([
      { owner: 'me' },
    ]);
  });

  test('unused for more than a minute by the clock is not used again: a frozen function thaws', async () => {
    let nowMs = 0;
    const executor = await open({ poolSize: 1 }, { clock: () => nowMs });
    const first = await connectionOf(executor);
    nowMs += 60_000;
    expect(await connectionOf(executor)).toBe(first);
    nowMs += 60_001;
    expect(await connectionOf(executor)).not.toBe(first);
  });

  test('that stays silent is given up, and the caller is told', async () => {
    const executor = await open({ poolSize: 1 }, { statementMs: 100 });
    await executor.query('SELECT 1', []);
    await expect(executor.query('SELECT SLEEP(?)', [30])).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('cannot be reached'),
    });
    expect(await executor.query('SELECT 7 AS n', [])).toEqual([{ n: 7 }]);
  });
});

async function connectionOf(executor: SqlExecutor): Promise<number> {
  const [row] = await executor.query('SELECT CONNECTION_ID() AS id', []);
  return Number(row?.['id']);
}

async function untilBusy(id: number): Promise<void> {
  for (;;) {
    const rows = await admin(
      `SELECT 1 FROM information_schema.processlist WHERE id = ${id} AND info LIKE '%SLEEP%'`,
    );
    if (rows.length > 0) return;
  }
}

describe('strictness', () => {
  test('what does not fit is refused, never cut, whatever the server’s own mode', async () => {
    await admin("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'");
    onTestFinished(async () => void (await admin('SET GLOBAL sql_mode = DEFAULT')));
    const executor = await open();
    const { sql } = pause('');
    const insert = mysqlDialect.insertIfAbsent(
      { name: 'projects', key: { project_id: 'key' }, columns: { pause_reason: 'text' } },
      ['project_id', 'pause_reason'],
    );
    for (const statement of [sql, insert]) {
      const params = ['x'.repeat(251), "it's \\ here", 1].slice(0, statement.split('?').length - 1);
      await expect(executor.run(statement, params)).rejects.toMatchObject({ code: 'too_large' });
    }
    await executor.run(sql, ['fits', "it's \\' here", 1]);
    expect(await executor.query('SELECT pause_reason FROM projects WHERE project_id = ?', ['fits'])).toEqual([
      { pause_reason: "it's \\' here" },
    ]);
  });

  test('a statement of wrong grammar is an internal error, a missing table asks for the migration', async () => {
    const executor = await open();
    await expect(executor.run('UPSERT INTO x', [])).rejects.toMatchObject({ code: 'internal' });
    await expect(executor.query('SELECT a FROM nowhere', [])).rejects.toThrow('Run npm run migrate');
  });
});

test('a write whose answer was lost is found by reading back, as on Lindorm', async () => {
  const own = await newDatabase();
  const dialect = createLindormDialect({ eventsTtlS: null, gistsTtlS: null });
  let cut = false;
  const executor = lindormLike(await openExecutor(own), {
    async afterWrite() {
      if (!cut) return;
      cut = false;
      throw new MemoryError('store_unavailable', 'The connection was cut after the write.');
    },
  });
  onTestFinished(() => executor.close());
  await migrate(executor, dialect, 0);
  const store = createSqlStore(executor, dialect);
  const life = { projectId: 'shop', userId: 'ann', life: 1 };
  cut = true;
  const lease = { epoch: 1, owner: 'me', untilMs: 5 };
  await expect(store.leases.claim(life, 'chat', lease)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await store.leases.claim(life, 'chat', { ...lease, owner: 'other' })).toEqual(lease);
});

afterAll(async () => {
  await admin(`DROP DATABASE ${database}`);
});
