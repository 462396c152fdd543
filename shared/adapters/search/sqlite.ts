import type { Search, SearchDoc, SearchHit, SearchScope } from '../../app/ports.ts';
import { bm25 } from '../../domain/bm25.ts';
import { MemoryError } from '../../domain/errors.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import { terms } from '../../domain/segment.ts';
import type { SqlExecutor, SqlValue } from '../sql/executor.ts';
import { indexToken, ownerPrefix } from './index-tokens.ts';
import { migrateSearch } from './sqlite-schema.ts';

/** Documents per statement, which is also what one commit to disk covers. */
const BATCH_DOCS = 250;
/** A query keeps the last so many different terms; the newest words of a conversation stand at its end. */
const MAX_QUERY_TERMS = 64;
const OWNED = 'd.project_id = ? AND d.user_key = ?';

/** One table per embedding model, so that a second can be filled while the first is read. */
export type VectorTable = 'search_vectors' | 'search_vectors_b';

const owner = (scope: LifeScope): SqlValue[] => [scope.projectId, userKey(scope)];

/**
 * Search inside the embedded database: FTS5 over segmented text with BM25 computed here from the user's own
 * documents, and exact cosine over every vector of the user.
 *
 * @param executor the plain executor: this index speaks what only SQLite has
 * @param dimension length of every vector, or null where no embedding service is configured
 * @param vectors the table with the vectors of the embedding model in use
 */
export async function createSqliteSearch(
  executor: SqlExecutor,
  dimension: number | null,
  vectors: VectorTable = 'search_vectors',
): Promise<Search> {
  await migrateSearch(executor);
  return {
    async put(scope, docs) {
      for (let at = 0; at < docs.length; at += BATCH_DOCS) {
        const batch = lastById(docs.slice(at, at + BATCH_DOCS));
        await putDocs(executor, scope, batch);
        await putVectors(executor, scope, batch, dimension, vectors);
      }
    },
    async remove(scope, ids) {
      for (let at = 0; at < ids.length; at += BATCH_DOCS) {
        const batch = ids.slice(at, at + BATCH_DOCS);
        await executor.run(
          `DELETE FROM search_docs AS d WHERE ${OWNED} AND d.id IN (${batch.map(() => '?').join(', ')})`,
          [...owner(scope), ...batch],
        );
      }
    },
    async removeLife(scope) {
      await executor.run(`DELETE FROM search_docs AS d WHERE ${OWNED}`, owner(scope));
    },
    async textSearch(query, within) {
      return textSearch(executor, query, within);
    },
    async vectorSearch(vector, within) {
      return vectorSearch(executor, toBlob(vector, dimension), within, vectors);
    },
    async close() {},
  };
}

/** One statement may not meet the same row twice. */
function lastById(docs: readonly SearchDoc[]): SearchDoc[] {
  return [...new Map(docs.map((doc) => [doc.id, doc])).values()];
}

async function putDocs(executor: SqlExecutor, scope: LifeScope, docs: readonly SearchDoc[]): Promise<void> {
  const prefix = ownerPrefix(scope);
  const rows = docs.flatMap((doc) => {
    const tokens = terms(doc.text).map((term) => indexToken(prefix, term));
    return [...owner(scope), doc.id, doc.createdMs, tokens.length, tokens.join(' ')];
  });
  await executor.run(
    `INSERT INTO search_docs (project_id, user_key, id, created_ms, length, tokens)
     VALUES ${docs.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')}
     ON CONFLICT (project_id, user_key, id) DO UPDATE
     SET created_ms = excluded.created_ms, length = excluded.length, tokens = excluded.tokens`,
    rows,
  );
}

async function putVectors(
  executor: SqlExecutor,
  scope: LifeScope,
  docs: readonly SearchDoc[],
  dimension: number | null,
  table: VectorTable,
): Promise<void> {
  const vectors = docs.flatMap(({ id, vector }) => (vector === null ? [] : [id, toBlob(vector, dimension)]));
  if (vectors.length === 0) return;
  const rows = Array.from({ length: vectors.length / 2 }, () => '(?, ?)').join(', ');
  await executor.run(
    `INSERT OR REPLACE INTO ${table} (doc, vector)
     SELECT d.doc, v.column2 FROM (VALUES ${rows}) AS v
     CROSS JOIN search_docs AS d ON ${OWNED} AND d.id = v.column1`,
    [...vectors, ...owner(scope)],
  );
}

/** Unit length, so that a dot product is the cosine. */
function toBlob(vector: readonly number[], dimension: number | null): Uint8Array {
  if (vector.length !== dimension) {
    throw new MemoryError(
      'config_invalid',
      `A vector has ${vector.length} dimensions, the search index was opened for ${dimension ?? 'none'}. ` +
        'Set embedding_dim to the length of the vectors the embedding model returns.',
    );
  }
  const norm = Math.hypot(...vector) || 1;
  return new Uint8Array(Float32Array.from(vector, (value) => value / norm).buffer);
}

async function textSearch(
  executor: SqlExecutor,
  query: string,
  { scope, sinceMs, limit }: SearchScope,
): Promise<SearchHit[]> {
  const prefix = ownerPrefix(scope);
  const wanted = [...new Set(terms(query))].slice(-MAX_QUERY_TERMS).map((term) => indexToken(prefix, term));
  if (wanted.length === 0) return [];
  const matched = await executor.query(
    `SELECT d.id, d.created_ms, d.tokens FROM search_terms AS t CROSS JOIN search_docs AS d ON d.doc = t.rowid
     WHERE t.search_terms MATCH ? AND ${OWNED}`,
    [wanted.join(' OR '), ...owner(scope)],
  );
  if (matched.length === 0) return [];
  const [totals] = await executor.query(
    `SELECT count(*) AS documents, avg(length) AS length FROM search_docs AS d WHERE ${OWNED}`,
    owner(scope),
  );
  const documents = matched.map((row) => ({
    id: String(row['id']),
    terms: String(row['tokens']).split(' '),
  }));
  const since = new Set(
    matched.filter((row) => Number(row['created_ms']) >= sinceMs).map((row) => String(row['id'])),
  );
  return bm25(wanted, documents, {
    documents: Number(totals?.['documents'] ?? 0),
    averageLength: Number(totals?.['length'] ?? 0),
  })
    .filter(({ id }) => since.has(id))
    .slice(0, limit);
}

async function vectorSearch(
  executor: SqlExecutor,
  vector: Uint8Array,
  { scope, sinceMs, limit }: SearchScope,
  table: VectorTable,
): Promise<SearchHit[]> {
  const rows = await executor.query(
    `SELECT d.id AS id, 1 - vector_distance_cos(v.vector, ?) AS score
     FROM search_docs AS d CROSS JOIN ${table} AS v ON v.doc = d.doc
     WHERE ${OWNED} AND d.created_ms >= ? AND length(v.vector) = ?
     ORDER BY score DESC LIMIT ?`,
    [vector, ...owner(scope), sinceMs, vector.byteLength, limit],
  );
  return rows.map((row) => ({ id: String(row['id']), score: Number(row['score']) }));
}
