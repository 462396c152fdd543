import { MemoryError } from '../../domain/errors.ts';
import type { SqlExecutor } from '../sql/executor.ts';
import { MissingIndexError, type SearchClient } from './search-client.ts';
import type { VectorSpace } from './vector-space.ts';

const INDEX = 'srh_gists';
const CHECK_MS = 5_000;
const POLL_MS = 2_000;
/** Half a minute is usual; a table that is already large takes longer. */
const BUILD_MS = 600_000;

const TEXT = JSON.stringify({ type: 'text', analyzer: 'ik_max_word' });

/** The column of the gists table that holds the vectors of the embedding model in use. */
export interface LindormVectors extends VectorSpace {
  readonly column: 'vector' | 'vector_b';
}

/** The name under which the search engine knows the index; lower case, as all our names are. */
export const lindormIndexName = (database: string): string => `${database}.gists.${INDEX}`;

/**
 * The search index over the gists table, which Lindorm fills by itself from the table's log. Rows are spread by the
 * user's key, so that a search can be routed to the one partition that holds the user.
 *
 * @param vectors null where no embedding service is configured
 */
export function lindormIndexDdl(vectors: LindormVectors | null): string {
  const columns = ['project_id', 'user_key', 'gist_id', 'created_ms', `text(mapping='${TEXT}')`];
  if (vectors !== null) columns.push(`${vectors.column}(mapping='${vectorMapping(vectors.dimension)}')`);
  const excluded = vectors === null ? [] : [vectors.column];
  const index =
    vectors === null ? {} : { knn: true, knn_routing: true, 'knn.vector_empty_value_to_keep': true };
  return (
    `CREATE INDEX ${INDEX} USING SEARCH ON gists (${columns.join(', ')}) PARTITION BY hash(user_key) WITH (` +
    `SOURCE_SETTINGS='${JSON.stringify({ excludes: excluded })}', INDEX_SETTINGS='${JSON.stringify({ index })}')`
  );
}

function vectorMapping(dimension: number): string {
  const parameters = { m: 24, ef_construction: 500 };
  return JSON.stringify({
    type: 'knn_vector',
    dimension,
    data_type: 'float',
    method: { engine: 'lvector', name: 'hnsw', space_type: 'cosinesimil', parameters },
  });
}

/** What {@link createLindormIndex} would run; nothing, when the index is there. */
export async function planLindormIndex(
  executor: SqlExecutor,
  vectors: LindormVectors | null,
): Promise<string[]> {
  return (await indexState(executor)) === null ? [lindormIndexDdl(vectors)] : [];
}

/**
 * Creates the index unless it is there, and waits until it is built. Safe to run again. Throws `store_unavailable`
 * when it is not built in ten minutes.
 *
 * @param executor of the wide table, without the strict gate: it speaks DDL
 * @returns what was run
 */
export async function createLindormIndex(
  executor: SqlExecutor,
  vectors: LindormVectors | null,
  { sleep, clock }: { sleep(ms: number): Promise<void>; clock(): number },
): Promise<string[]> {
  const plan = await planLindormIndex(executor, vectors);
  for (const statement of plan) await executor.run(statement, []);
  const giveUpMs = clock() + BUILD_MS;
  for (;;) {
    const state = await indexState(executor);
    if (state === 'ACTIVE') return plan;
    if (clock() >= giveUpMs) {
      throw new MemoryError(
        'store_unavailable',
        `The search index ${INDEX} is in state ${state ?? 'missing'} after ten minutes. Look at SHOW INDEX FROM gists.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** The state the database reports, or null where there is no such index. */
async function indexState(executor: SqlExecutor): Promise<string | null> {
  const rows = await executor.query('SHOW INDEX FROM gists', []);
  const row = rows.find((candidate) => candidate['INDEX_NAME'] === INDEX);
  return row === undefined ? null : String(row['INDEX_STATE']).toUpperCase();
}

/**
 * Refuses to go on with a search engine that is there and says no. One read. Throws `config_invalid` when the index
 * is missing or was made for other vectors, `store_unavailable` when the engine does not answer.
 */
export async function assertLindormIndex(
  client: SearchClient,
  index: string,
  vectors: LindormVectors | null,
): Promise<void> {
  const found = await mappedFields(client, index);
  if (found === null) {
    throw new MemoryError(
      'config_invalid',
      `There is no search index ${index}. Switch on the search engine of the Lindorm instance, then run npm run migrate.`,
    );
  }
  // Where fields are not listed the way OpenSearch does it, there is nothing to compare.
  if (vectors === null || !('user_key' in found)) return;
  const dimension = found[vectors.column]?.dimension;
  if (dimension === vectors.dimension) return;
  const has = dimension === undefined ? 'no vectors' : `vectors of ${dimension} dimensions`;
  throw new MemoryError(
    'config_invalid',
    `The search index ${index} has ${has} in ${vectors.column}, and embedding_dim says ${vectors.dimension}. ` +
      `Set it back, or run DROP INDEX ${INDEX} ON gists and npm run migrate.`,
  );
}

type Fields = Readonly<Record<string, { readonly dimension?: number }>>;

async function mappedFields(client: SearchClient, index: string): Promise<Fields | null> {
  try {
    const answer = await client.request({ method: 'GET', path: `/${index}/_mapping`, timeoutMs: CHECK_MS });
    const [found] = Object.values(answer as Record<string, { mappings?: { properties?: Fields } }>);
    return found?.mappings?.properties ?? {};
  } catch (error) {
    if (error instanceof MissingIndexError) return null;
    throw error;
  }
}
