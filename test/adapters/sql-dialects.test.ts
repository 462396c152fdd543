import { describe, expect, test } from 'vitest';
import { type Dialect, sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { createLindormDialect } from '../../shared/adapters/sql/lindorm-dialect.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { quoteNames } from '../../shared/adapters/sql/quote-names.ts';
import { createRows } from '../../shared/adapters/sql/rows.ts';
import { strictGate } from '../../shared/adapters/sql/strict-gate.ts';
import { LEASES, PROJECTS, TABLES } from '../../shared/adapters/sql/tables.ts';

const lindormDialect = createLindormDialect({ eventsTtlS: 60, gistsTtlS: null });
const DIALECTS: readonly Dialect[] = [sqliteDialect, mysqlDialect, lindormDialect];

/** Keeps what it is given; a read finds what was prepared. */
function recorder(found: Record<string, string>[] = []): SqlExecutor & { readonly statements: string[] } {
  const statements: string[] = [];
  return {
    statements,
    async query(sql) {
      statements.push(sql);
      return found;
    },
    async run(sql) {
      statements.push(sql);
    },
    async close() {},
  };
}

describe.each(DIALECTS)('$name', (dialect) => {
  test('writes every table in statements the gate lets through', async () => {
    const executor = recorder();
    const gate = strictGate(executor, TABLES);
    for (const table of TABLES) {
      const columns = [...Object.keys(table.key), ...Object.keys(table.columns)];
      const params = columns.map(() => 'x');
      await gate.run(dialect.insertIfAbsent(table, columns), params);
      await gate.run(dialect.upsert(table, columns), params);
    }
    expect(executor.statements).toHaveLength(TABLES.length * 2);
  });
});

test('each dialect has its own words for a row that is there already', () => {
  const columns = ['project_id', 'pause_reason'];
  expect(DIALECTS.map((dialect) => dialect.insertIfAbsent(PROJECTS, columns))).toEqual([
    'INSERT OR IGNORE INTO projects (project_id, pause_reason) VALUES (?, ?)',
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY UPDATE project_id = project_id',
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY IGNORE',
  ]);
  expect(DIALECTS.map((dialect) => dialect.upsert(PROJECTS, columns))).toEqual([
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON CONFLICT (project_id) DO UPDATE SET pause_reason = excluded.pause_reason',
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY UPDATE pause_reason = VALUES(pause_reason)',
    'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?)',
  ]);
});

test.each([
  'INSERT IGNORE INTO projects (project_id, pause_reason) VALUES (?, ?)',
  'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY ERROR',
  'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY UPDATE pause_reason = (SELECT project_id FROM users)',
  'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON DUPLICATE KEY IGNORE LIMIT 1',
])('the gate refuses %s', async (sql) => {
  const gate = strictGate(recorder(), TABLES);
  await expect(gate.run(sql, ['a', 'b'])).rejects.toMatchObject({ code: 'statement_refused' });
});

test('every key fits what InnoDB and Lindorm hold', () => {
  for (const { key } of TABLES) {
    const bytes = Object.values<string>(key).map((type) => (type === 'key' ? 250 * 4 : 8));
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(3072);
    expect(bytes.length).toBeLessThanOrEqual(5);
  }
});

test('tables of Lindorm are strongly consistent, and rows expire as configured', () => {
  expect(lindormDialect.createTable(LEASES)).toBe(
    "CREATE TABLE IF NOT EXISTS leases (scope VARCHAR NOT NULL, epoch BIGINT NOT NULL, owner VARCHAR, until_ms BIGINT, PRIMARY KEY (scope, epoch)) WITH (CONSISTENCY='strong')",
  );
  expect(lindormDialect.retention?.seconds).toEqual({ events: 60, gists: null });
  expect(lindormDialect.retention?.change('events', 60)).toBe("ALTER TABLE events SET TTL='60'");
  expect(lindormDialect.retention?.change('gists', null)).toBe("ALTER TABLE gists SET TTL=''");
});

test('where an UPDATE might create its row, the row is looked for first', async () => {
  const key = { scope: 's', epoch: 1 };
  const absent = recorder();
  await createRows(absent, lindormDialect).update(LEASES, key, { until_ms: 5 });
  expect(absent.statements).toEqual(['SELECT scope FROM leases WHERE scope = ? AND epoch = ? LIMIT 1']);
  const there = recorder([{ scope: 's' }]);
  await createRows(there, lindormDialect).update(LEASES, key, { until_ms: 5 });
  expect(there.statements[1]).toBe('UPDATE leases SET until_ms = ? WHERE scope = ? AND epoch = ?');
});

test('names of the schema go out in backticks, keywords and literals do not', async () => {
  const executor = recorder();
  const quoting = quoteNames(executor, TABLES);
  await quoting.query('SELECT hour FROM usage_receipts WHERE project_id = ? ORDER BY hour DESC LIMIT 1', []);
  await quoting.query("SHOW TABLES LIKE 'gists'", []);
  expect(executor.statements).toEqual([
    'SELECT `hour` FROM `usage_receipts` WHERE `project_id` = ? ORDER BY `hour` DESC LIMIT 1',
    "SHOW TABLES LIKE 'gists'",
  ]);
});
