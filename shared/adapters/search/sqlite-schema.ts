import { MemoryError } from '../../domain/errors.ts';
import type { SqlExecutor } from '../sql/executor.ts';

/**
 * Triggers keep the full-text index and the vectors in step with `search_docs` within the same statement, so a
 * crash never leaves half a document.
 */
const MIGRATION_0001 = [
  `CREATE TABLE IF NOT EXISTS search_docs (
    doc INTEGER PRIMARY KEY, project_id TEXT NOT NULL, user_key TEXT NOT NULL, id TEXT NOT NULL,
    created_ms INTEGER NOT NULL, length INTEGER NOT NULL, tokens TEXT NOT NULL)`,
  'CREATE UNIQUE INDEX IF NOT EXISTS search_docs_by_id ON search_docs (project_id, user_key, id)',
  'CREATE INDEX IF NOT EXISTS search_docs_by_time ON search_docs (project_id, user_key, created_ms, length)',
  'CREATE TABLE IF NOT EXISTS search_vectors (doc INTEGER PRIMARY KEY, vector BLOB NOT NULL)',
  `CREATE VIRTUAL TABLE IF NOT EXISTS search_terms
    USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
  `CREATE TRIGGER IF NOT EXISTS search_docs_added AFTER INSERT ON search_docs BEGIN
    INSERT INTO search_terms (rowid, tokens) VALUES (new.doc, new.tokens); END`,
  `CREATE TRIGGER IF NOT EXISTS search_docs_changed AFTER UPDATE OF tokens ON search_docs
    WHEN old.tokens <> new.tokens BEGIN
    DELETE FROM search_terms WHERE rowid = old.doc;
    INSERT INTO search_terms (rowid, tokens) VALUES (new.doc, new.tokens); END`,
  `CREATE TRIGGER IF NOT EXISTS search_docs_removed AFTER DELETE ON search_docs BEGIN
    DELETE FROM search_terms WHERE rowid = old.doc;
    DELETE FROM search_vectors WHERE doc = old.doc; END`,
] as const;

/** Vectors of a second embedding model, beside those of the first. */
const MIGRATION_0002 = [
  'CREATE TABLE IF NOT EXISTS search_vectors_b (doc INTEGER PRIMARY KEY, vector BLOB NOT NULL)',
  `CREATE TRIGGER IF NOT EXISTS search_docs_removed_b AFTER DELETE ON search_docs BEGIN
    DELETE FROM search_vectors_b WHERE doc = old.doc; END`,
] as const;

/** Statements by version; one that has been released is never edited, and each may run twice. */
const MIGRATIONS: readonly (readonly string[])[] = [MIGRATION_0001, MIGRATION_0002];

/**
 * Creates or upgrades the tables of the search index. Safe to run by several processes at once.
 * Throws `schema_newer` where a later version of this software has changed them.
 */
export async function migrateSearch(executor: SqlExecutor): Promise<void> {
  await executor.run('CREATE TABLE IF NOT EXISTS search_schema (version INTEGER PRIMARY KEY)', []);
  const [row] = await executor.query('SELECT coalesce(max(version), 0) AS version FROM search_schema', []);
  const current = Number(row?.['version'] ?? 0);
  if (current > MIGRATIONS.length) {
    throw new MemoryError(
      'schema_newer',
      `The search index has schema version ${current}, this software knows ${MIGRATIONS.length}. Deploy a newer version.`,
    );
  }
  for (let version = current + 1; version <= MIGRATIONS.length; version += 1) {
    for (const statement of MIGRATIONS[version - 1] ?? []) await executor.run(statement, []);
    await executor.run('INSERT OR IGNORE INTO search_schema (version) VALUES (?)', [version]);
  }
}
