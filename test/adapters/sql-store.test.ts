import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { describeStore } from './store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeStore('SQLite', async () => {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  return createSqlStore(executor, sqliteDialect);
});

test('a file holds what was stored when it is opened again', async () => {
  const path = join(folder, 'nested', 'memory.db');
  const first = await openSqlite(path);
  await migrate(first, sqliteDialect, 0);
  await createSqlStore(first, sqliteDialect).projects.pause('shop', { reason: 'key', untilMs: 9 });
  await first.close();
  const second = await openSqlite(path);
  await migrate(second, sqliteDialect, 1);
  expect(await createSqlStore(second, sqliteDialect).projects.paused('shop')).toEqual({
    reason: 'key',
    untilMs: 9,
  });
  await second.close();
});

test('migrating twice, and from two connections, is harmless', async () => {
  const path = join(folder, 'shared.db');
  const [a, b] = [await openSqlite(path), await openSqlite(path)];
  await Promise.all([migrate(a, sqliteDialect, 0), migrate(b, sqliteDialect, 0)]);
  await migrate(a, sqliteDialect, 0);
  const found = await b.query('SELECT version FROM schema_versions ORDER BY version', []);
  expect(found.slice(0, 2)).toEqual([{ version: 1 }, { version: 2 }]);
  expect(new Set(found.map(({ version }) => version)).size).toBe(found.length);
});

test('a database that newer software has changed is refused', async () => {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  await executor.run(
    "INSERT INTO schema_versions (component, version, applied_ms) VALUES ('memory', 99, 0)",
    [],
  );
  await expect(migrate(executor, sqliteDialect, 0)).rejects.toMatchObject({ code: 'schema_newer' });
});

test('a statement the database refuses says so and keeps its cause', async () => {
  const executor = await openSqlite(':memory:');
  await expect(executor.query('SELECT 1 FROM absent_table', [])).rejects.toMatchObject({
    code: 'statement_refused',
    message: expect.stringContaining('no such table'),
    cause: expect.any(Error),
  });
});
