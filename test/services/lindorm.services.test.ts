import { expect, onTestFinished, test } from 'vitest';
import { createLindormDialect } from '../../shared/adapters/sql/lindorm-dialect.ts';
import { migrate, planMigration } from '../../shared/adapters/sql/migrate.ts';
import { lindormLike } from '../adapters/lindorm-like.ts';
import { newDatabase, openExecutor } from './databases.ts';

async function open() {
  const executor = lindormLike(await openExecutor(await newDatabase()));
  onTestFinished(() => executor.close());
  return executor;
}

test('lifetimes are set by the migration, changed by the next one, and lifted', async () => {
  const executor = await open();
  const ttl = async (eventsTtlS: number | null, gistsTtlS: number | null) => {
    const dialect = createLindormDialect({ eventsTtlS, gistsTtlS });
    const planned = await planMigration(executor, dialect);
    const { statements } = await migrate(executor, dialect, 0);
    expect(statements).toEqual(planned.statements);
    return statements.filter((sql) => sql.includes('TTL'));
  };
  expect(await ttl(60, null)).toEqual(["ALTER TABLE events SET TTL='60'"]);
  expect(await ttl(60, null)).toEqual([]);
  expect(await ttl(90, 60)).toEqual(["ALTER TABLE events SET TTL='90'", "ALTER TABLE gists SET TTL='60'"]);
  expect(await ttl(null, 60)).toEqual(["ALTER TABLE events SET TTL=''"]);
});

test('what Lindorm does not know is refused by the executor in its manner', async () => {
  const executor = await open();
  await migrate(executor, createLindormDialect({ eventsTtlS: null, gistsTtlS: null }), 0);
  for (const sql of [
    'INSERT IGNORE INTO projects (project_id, pause_reason) VALUES (?, ?)',
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY UPDATE pause_reason = VALUES(pause_reason)',
    'DELETE FROM gists WHERE project_id = ?',
    'UPDATE gists SET text = ? WHERE project_id = ? AND user_key = ?',
    'CREATE TABLE IF NOT EXISTS t (a TEXT NOT NULL, b BIGINT, PRIMARY KEY (a))',
    'BEGIN',
  ]) {
    const params = Array.from({ length: sql.split('?').length - 1 }, () => 'x');
    await expect(executor.run(sql, params)).rejects.toMatchObject({ code: 'statement_refused' });
  }
  await expect(executor.query('SELECT text FROM gists WHERE gist_id = ?', ['x'])).rejects.toMatchObject({
    code: 'statement_refused',
  });
});
