import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import type { LifeScope } from '../../shared/domain/scope.ts';
import { searchContract } from './search-contract.ts';

searchContract('SQLite', async () => {
  const executor = await openSqlite(':memory:');
  return { search: await createSqliteSearch(executor, 3), close: () => executor.close() };
});

const ANN: LifeScope = { projectId: 'shop', userId: 'ann', life: 1 };
const WITHIN = { scope: ANN, sinceMs: 0, limit: 10 };

describe('the SQLite index', () => {
  test('is found again by the next process, and by two at once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'search-'));
    try {
      const first = await openSqlite(join(folder, 'memory.db'));
      const index = await createSqliteSearch(first, 3);
      await index.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0, 0] }]);
      const second = await openSqlite(join(folder, 'memory.db'));
      const again = await createSqliteSearch(second, 3);
      expect((await again.textSearch('guitar', WITHIN)).map(({ id }) => id)).toEqual(['a']);
      expect((await again.vectorSearch([1, 0, 0], WITHIN)).map(({ id }) => id)).toEqual(['a']);
      await Promise.all([first.close(), second.close()]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('leaves no row of a removed life in any of its tables', async () => {
    const executor = await openSqlite(':memory:');
    const index = await createSqliteSearch(executor, 3);
    await index.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0, 0] }]);
    await index.removeLife(ANN);
    const left = await executor.query(
      `SELECT (SELECT count(*) FROM search_docs) AS docs, (SELECT count(*) FROM search_vectors) AS vectors,
              (SELECT count(*) FROM search_terms) AS terms`,
      [],
    );
    expect(left).toEqual([{ docs: 0, vectors: 0, terms: 0 }]);
    await executor.close();
  });

  test('ignores vectors that were stored for another dimension', async () => {
    const executor = await openSqlite(':memory:');
    const before = await createSqliteSearch(executor, 3);
    await before.put(ANN, [{ id: 'a', text: 'guitar', createdMs: 1, vector: [1, 0, 0] }]);
    const after = await createSqliteSearch(executor, 2);
    expect(await after.vectorSearch([1, 0], WITHIN)).toEqual([]);
    await executor.close();
  });

  test('refuses a database that a newer version has changed', async () => {
    const executor = await openSqlite(':memory:');
    await createSqliteSearch(executor, 3);
    await executor.run('INSERT INTO search_schema (version) VALUES (99)', []);
    await expect(createSqliteSearch(executor, 3)).rejects.toThrow('schema version 99');
    await executor.close();
  });

  test('reads the lists of one user only, however many others use the same words', async () => {
    const executor = await openSqlite(':memory:');
    const index = await createSqliteSearch(executor, 3);
    for (let user = 0; user < 50; user += 1) {
      await index.put({ ...ANN, userId: `user${user}` }, [
        { id: 'a', text: 'guitar', createdMs: 1, vector: null },
      ]);
    }
    await executor.run(`CREATE VIRTUAL TABLE words USING fts5vocab('search_terms', 'row')`, []);
    expect(await executor.query('SELECT max(doc) AS longest, count(*) AS lists FROM words', [])).toEqual([
      { longest: 1, lists: 50 },
    ]);
    await executor.close();
  });
});
