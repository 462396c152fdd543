import { MemoryError } from '../../domain/errors.ts';
import { MissingIndexError, type SearchClient } from './search-client.ts';
import { isVectorField, type VectorSpace, vectorField } from './vector-space.ts';

const CHECK_MS = 5_000;
const CREATE_MS = 60_000;
/** Of the mapping below; a released one is never edited. */
const VERSION = 1;
/** Users are spread over them by routing; each user's documents lie in one. */
const SHARDS = 3;

/** Characters of a document's joined tokens: what is longer is found by its beginning. A keyword ends at 32 KB. */
export const MAX_TOKENS_CHARS = 8_000;

/**
 * `tokens` holds the terms that we cut ourselves, and once more as a column, from which they are read back for
 * scoring without touching the stored documents with their vectors.
 */
const PROPERTIES = {
  project_id: { type: 'keyword' },
  user_key: { type: 'keyword' },
  id: { type: 'keyword' },
  created_ms: { type: 'long' },
  length: { type: 'integer' },
  tokens: {
    type: 'text',
    analyzer: 'whitespace',
    fields: { raw: { type: 'keyword', index: false, ignore_above: MAX_TOKENS_CHARS } },
  },
} as const;

/** The engine is named because another one is the default, which is not in every distribution. */
const vectorMapping = (dimension: number) => ({
  type: 'knn_vector',
  dimension,
  method: { name: 'hnsw', engine: 'lucene', space_type: 'cosinesimil' },
});

const fieldsOf = (space: VectorSpace | null) =>
  space === null ? {} : { [vectorField(space)]: vectorMapping(space.dimension) };

export interface IndexTarget {
  readonly client: SearchClient;
  /** An alias, as which it is written: a write to a name that is missing would otherwise create an index by guessing. */
  readonly index: string;
  /** The embedding model in use, or null without one. */
  readonly space: VectorSpace | null;
}

const concreteName = (index: string): string => `${index}_${VERSION}`;

/** What is missing: the index, a field for the first model's vectors, or for those of a further model. */
type Gap = 'index' | 'first-model' | 'further-model' | 'nothing';

async function gapOf({ client, index, space }: IndexTarget): Promise<Gap> {
  const mapping = await readMapping(client, index);
  if (mapping === null) return 'index';
  const version = mapping._meta?.version ?? 0;
  if (version > VERSION) {
    throw new MemoryError(
      'schema_newer',
      `The search index ${index} has version ${version}, this software knows ${VERSION}. Deploy a newer version.`,
    );
  }
  const fields = Object.keys(mapping.properties ?? {});
  if (!('tokens' in (mapping.properties ?? {}))) {
    throw new MemoryError(
      'config_invalid',
      `The index ${index} was made by something else. Set opensearch_index_prefix to another name.`,
    );
  }
  if (space === null || fields.includes(vectorField(space))) return 'nothing';
  return fields.some(isVectorField) ? 'further-model' : 'first-model';
}

interface Mapping {
  readonly _meta?: { readonly version?: number };
  readonly properties?: Readonly<Record<string, unknown>>;
}

async function readMapping(client: SearchClient, index: string): Promise<Mapping | null> {
  try {
    const answer = await client.request({ method: 'GET', path: `/${index}/_mapping`, timeoutMs: CHECK_MS });
    // By the index's own name, not by its alias.
    const [found] = Object.values(answer as Record<string, { mappings?: Mapping }>);
    return found?.mappings ?? {};
  } catch (error) {
    if (error instanceof MissingIndexError) return null;
    throw error;
  }
}

function refusal(index: string, { model, dimension }: VectorSpace): MemoryError {
  return new MemoryError(
    'config_invalid',
    `The search index ${index} holds vectors of another model or dimension than embedding_model and embedding_dim ` +
      `say: ${model} (${dimension} dimensions). Set them back, or run npm run reembed with the new ones.`,
  );
}

/**
 * What {@link createIndex} would do, as request lines; nothing, when the index is as it should be.
 * Throws `config_invalid` when it holds vectors of another model only, `schema_newer` when a newer version made it.
 *
 * @param furtherModel whether a field for one more model's vectors may be added
 */
export async function planIndex(target: IndexTarget, furtherModel = false): Promise<string[]> {
  const { index, space } = target;
  const gap = await gapOf(target);
  if (gap === 'index') return [`PUT /${concreteName(index)}`];
  if (gap === 'nothing' || space === null) return [];
  if (gap === 'further-model' && !furtherModel) throw refusal(index, space);
  return [`PUT /${index}/_mapping ${vectorField(space)}`];
}

/**
 * Creates the index, or adds what it lacks, and waits until it can be searched. Safe to run at any time and by
 * several processes at once. Throws as {@link planIndex} does.
 *
 * @returns what was done, as request lines
 */
export async function createIndex(target: IndexTarget, furtherModel = false): Promise<string[]> {
  const plan = await planIndex(target, furtherModel);
  if (plan.length === 0) return plan;
  const { client, index, space } = target;
  if ((await gapOf(target)) === 'index') await put(target);
  else {
    const body = { properties: fieldsOf(space) };
    await client.request({ method: 'PUT', path: `/${index}/_mapping`, body, timeoutMs: CREATE_MS });
  }
  await ready(client, index);
  return plan;
}

async function put(target: IndexTarget): Promise<void> {
  const { client, index, space } = target;
  const body = {
    aliases: { [index]: {} },
    settings: { index: { knn: true, number_of_shards: SHARDS, auto_expand_replicas: '0-1' } },
    mappings: {
      dynamic: 'strict',
      _meta: { version: VERSION },
      _routing: { required: true },
      properties: { ...PROPERTIES, ...fieldsOf(space) },
    },
  };
  try {
    await client.request({ method: 'PUT', path: `/${concreteName(index)}`, body, timeoutMs: CREATE_MS });
  } catch (error) {
    // Another process may have been faster.
    if ((await readMapping(client, index)) === null) throw error;
  }
}

async function ready(client: SearchClient, index: string): Promise<void> {
  const health = await client.request({
    method: 'GET',
    path: `/_cluster/health/${index}`,
    query: { wait_for_status: 'yellow', timeout: `${CREATE_MS / 2}ms` },
    timeoutMs: CREATE_MS,
  });
  if ((health as { timed_out?: boolean }).timed_out !== true) return;
  throw new MemoryError(
    'store_unavailable',
    `The search index ${index} was created and has shards that do not start. Look at _cluster/allocation/explain.`,
  );
}

/**
 * Refuses to go on with a search service that is there and says no. One read. Throws `config_invalid` when the index
 * is missing or made for another model, `store_unavailable` when the service does not answer.
 */
export async function assertIndex(target: IndexTarget): Promise<void> {
  const gap = await gapOf(target);
  if (gap === 'nothing') return;
  if (gap === 'further-model' && target.space !== null) throw refusal(target.index, target.space);
  throw new MemoryError(
    'config_invalid',
    gap === 'index'
      ? `There is no search index ${target.index}. Run npm run migrate.`
      : `The search index ${target.index} has no field for vectors yet. Run npm run migrate.`,
  );
}
