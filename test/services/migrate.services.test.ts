import { expect, onTestFinished, test } from 'vitest';
import { assertMigrated, migrate, planMigration } from '../../shared/adapters/sql/migrate.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';
import { loadConfig } from '../../shared/config.ts';
import { createRuntime } from '../../shared/runtime.ts';
import { admin, newDatabase, openExecutor, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

const tablesOf = async (database: string) =>
  (await admin(`SHOW TABLES FROM ${database}`)).map((row) => String(Object.values(row)[0]));

test('a dry run prints every statement and changes nothing, then the real one runs them once', async () => {
  const database = await newDatabase();
  const dry = await runScript('migrate.ts', settingsFor(database), '--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.stdout).toContain('CREATE TABLE IF NOT EXISTS memory_commits (project_id VARCHAR(250) NOT NULL');
  expect(dry.stdout).toMatch(/Would run \d+ statements: schema version 0 -> \d+\.\n$/);
  expect(await tablesOf(database)).toEqual([]);

  const real = await runScript('migrate.ts', settingsFor(database));
  expect(real.code).toBe(0);
  expect(real.stdout).toBe(dry.stdout.replace('Would run', 'Ran'));
  expect(await tablesOf(database)).toEqual(TABLES.map(({ name }) => name).sort());

  const again = await runScript('migrate.ts', settingsFor(database));
  expect(again.stdout).toMatch(/^Nothing to do: schema version \d+\.\n$/);
});

test('two migrations at once end with one schema', async () => {
  const database = await newDatabase();
  const [a, b] = [await openExecutor(database), await openExecutor(database)];
  onTestFinished(async () => {
    await a.close();
    await b.close();
  });
  await Promise.all([migrate(a, mysqlDialect, 1), migrate(b, mysqlDialect, 2)]);
  await assertMigrated(a, mysqlDialect);
  expect((await planMigration(b, mysqlDialect)).statements).toEqual([]);
});

test('a database of the first version is brought up, and keeps what it holds', async () => {
  const database = await newDatabase();
  const executor = await openExecutor(database);
  onTestFinished(() => executor.close());
  await migrate(executor, mysqlDialect, 0);
  await admin('DELETE FROM schema_versions WHERE version > 1', database);
  await admin('ALTER TABLE gists DROP COLUMN vector_b', database);
  await admin('DROP TABLE settings', database);
  await admin("INSERT INTO projects VALUES ('shop', 'key', 5)", database);

  await expect(assertMigrated(executor, mysqlDialect)).rejects.toThrow(
    /The database has schema version 1, this software needs version \d+\. Run npm run migrate\./,
  );
  const { from, statements } = await migrate(executor, mysqlDialect, 1);

  expect(from).toBe(1);
  expect(statements).toContain('ALTER TABLE gists ADD COLUMN vector_b MEDIUMTEXT');
  expect(await admin('SELECT project_id FROM projects', database)).toEqual([{ project_id: 'shop' }]);
  await assertMigrated(executor, mysqlDialect);
});

test('a database that newer software has changed is refused by migration and start', async () => {
  const database = await newDatabase();
  const settings = settingsFor(database);
  expect((await runScript('migrate.ts', settings)).code).toBe(0);
  await admin("INSERT INTO schema_versions VALUES ('memory', 99, 0)", database);
  const { code, stderr } = await runScript('migrate.ts', settings);
  expect(stderr).toMatch(
    /^The database has schema version 99, this software knows \d+\. Deploy a newer version\.\n$/,
  );
  expect(code).toBe(1);
  const { config } = await loadConfig(settings);
  await expect(createRuntime(config)).rejects.toMatchObject({ code: 'schema_newer' });
});

test('a start without migration is refused with the way out', async () => {
  const { config } = await loadConfig(settingsFor(await newDatabase()));
  await expect(createRuntime(config)).rejects.toThrow(
    /^The database has no tables, this software needs version \d+\. Run npm run migrate\.$/,
  );
});

test('a user without the right to create tables is told so', async () => {
  const database = await newDatabase();
  await admin(`GRANT SELECT ON \`${database}\`.* TO 'reader'@'%' IDENTIFIED BY 'pw'`);
  const { code, stderr } = await runScript('migrate.ts', {
    ...settingsFor(database),
    MEMOBASE_MYSQL_USERNAME: 'reader',
    MEMOBASE_MYSQL_PASSWORD: 'pw',
  });
  expect(stderr).toMatch(/^mysql_username lacks a privilege: CREATE command denied to user 'reader'.*\n$/);
  expect(code).toBe(1);
});
