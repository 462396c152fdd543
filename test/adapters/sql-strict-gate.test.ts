import { describe, expect, test } from 'vitest';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { strictGate } from '../../shared/adapters/sql/strict-gate.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';

function openGate() {
  const passed: string[] = [];
  const behind: SqlExecutor = {
    async query(sql) {
      passed.push(sql);
      return [];
    },
    async run(sql) {
      passed.push(sql);
    },
    close: async () => undefined,
  };
  return { gate: strictGate(behind, TABLES), passed };
}

const REFUSED = [
  ['an unpinned read', 'SELECT blob_id FROM blobs WHERE user_key = ? LIMIT 10'],
  ['a read of everything', 'SELECT blob_id FROM blobs'],
  ['a first key column pinned by a range only', 'SELECT blob_id FROM blobs WHERE project_id >= ? LIMIT 10'],
  [
    'a condition that OR undoes',
    'SELECT blob_id FROM blobs WHERE project_id = ? AND tokens > ? OR tokens = ? LIMIT 1',
  ],
  ['an unknown table', 'SELECT a FROM secrets WHERE a = ? LIMIT 1'],
  ['ORDER BY without LIMIT', 'SELECT blob_id FROM blobs WHERE project_id = ? ORDER BY blob_id'],
  ['a LIMIT beyond 2000', 'SELECT blob_id FROM blobs WHERE project_id = ? LIMIT 2001'],
  ['OFFSET', 'SELECT blob_id FROM blobs WHERE project_id = ? LIMIT 10 OFFSET 10'],
  ['a join', 'SELECT blob_id FROM blobs JOIN gists WHERE project_id = ? LIMIT 1'],
  ['a union', 'SELECT a FROM blobs WHERE project_id = ? UNION SELECT a FROM gists WHERE project_id = ?'],
  [
    'a subquery',
    'SELECT a FROM blobs WHERE project_id = ? AND blob_id IN (SELECT gist_id FROM gists) LIMIT 1',
  ],
  ['DISTINCT', 'SELECT DISTINCT user_key FROM blobs WHERE project_id = ? LIMIT 1'],
  ['a written value', "SELECT blob_id FROM blobs WHERE project_id = 'shop' LIMIT 1"],
  ['two statements', 'SELECT a FROM blobs WHERE project_id = ? LIMIT 1; DELETE FROM blobs'],
  ['a transaction', 'BEGIN IMMEDIATE'],
  ['DDL', 'CREATE TABLE extra (a TEXT)'],
  ['an update of part of a key', 'UPDATE blobs SET tokens = ? WHERE project_id = ? AND user_key = ?'],
  [
    'an update by another condition',
    'UPDATE blobs SET tokens = ? WHERE project_id = ? AND user_key = ? AND blob_id = ? AND status = ?',
  ],
  [
    'an update of a range',
    'UPDATE blobs SET tokens = ? WHERE project_id = ? AND user_key = ? AND blob_id > ?',
  ],
  ['a delete of part of a key', 'DELETE FROM blobs WHERE project_id = ?'],
  ['a delete of everything', 'DELETE FROM blobs'],
  ['REPLACE', 'REPLACE INTO projects (project_id, pause_reason) VALUES (?, ?)'],
  ['an insert without its key', 'INSERT INTO blobs (project_id, blob_id, tokens) VALUES (?, ?, ?)'],
  ['an insert of the key alone', 'INSERT INTO projects (project_id) VALUES (?)'],
  ['an insert of many rows', 'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?), (?, ?)'],
  ['an insert from a read', 'INSERT INTO projects (project_id, pause_reason) SELECT a, b FROM blobs'],
] as const;

const PASSED = [
  'SELECT version FROM memory_commits WHERE project_id = ? AND user_id = ? ORDER BY version DESC LIMIT 1',
  'SELECT blob_id FROM blobs WHERE project_id = ? AND user_key = ? AND blob_id IN (?, ?) LIMIT 2',
  'INSERT OR IGNORE INTO projects (project_id, pause_reason) VALUES (?, ?)',
  'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?) ON CONFLICT (project_id) DO UPDATE SET pause_reason = excluded.pause_reason',
  'UPDATE projects SET pause_reason = ? WHERE project_id = ?',
  'DELETE FROM leases WHERE scope = ? AND epoch = ?',
] as const;

describe('the strict gate', () => {
  test.each(REFUSED)('refuses %s', async (_what, sql) => {
    const { gate, passed } = openGate();
    await expect(gate.query(sql, [])).rejects.toMatchObject({ code: 'statement_refused' });
    await expect(gate.run(sql, [])).rejects.toMatchObject({ code: 'statement_refused' });
    expect(passed).toEqual([]);
  });

  test.each(PASSED)('lets %s pass', async (sql) => {
    const { gate, passed } = openGate();
    await gate.run(sql, []);
    expect(passed).toEqual([sql]);
  });

  test('says what was wrong and shows the statement', async () => {
    const { gate } = openGate();
    await expect(gate.run('DELETE FROM blobs WHERE project_id = ?', [])).rejects.toThrow(
      'Statement refused: a change pins exactly the whole key (project_id, user_key, blob_id) by equality. ' +
        'Rewrite it: DELETE FROM blobs WHERE project_id = ?',
    );
  });

  test('refuses a row and a key beyond what the narrowest store holds', async () => {
    const { gate } = openGate();
    const sql = 'INSERT INTO projects (project_id, pause_reason) VALUES (?, ?)';
    await expect(gate.run(sql, ['shop', 'x'.repeat(2_000_001)])).rejects.toMatchObject({ code: 'too_large' });
    await expect(gate.run(sql, ['x'.repeat(2_049), ''])).rejects.toMatchObject({ code: 'statement_refused' });
  });
});
