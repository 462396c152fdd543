import type { Search, SearchDoc, SearchHit, SearchScope } from '../../app/ports.ts';
import { bm25 } from '../../domain/bm25.ts';
import { MemoryError } from '../../domain/errors.ts';
import { digest } from '../../domain/ids.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import { terms } from '../../domain/segment.ts';
import { type IndexTarget, MAX_TOKENS_CHARS } from './opensearch-index.ts';
import type { SearchClient } from './search-client.ts';
import { requireDimension, vectorField } from './vector-space.ts';

/** One try of a read; a second one follows, and after it the reader goes on without search. */
const SEARCH_MS = 3_000;
const WRITE_MS = 30_000;
const BATCH_DOCS = 250;
/** A query keeps the last so many different terms; the newest words of a conversation stand at its end. */
const MAX_QUERY_TERMS = 64;
/** Documents the server chooses by its own BM25 for the exact one. */
const CANDIDATES = 1_000;
/** Rounds of deleting a life while somebody still writes into it. */
const DELETE_ROUNDS = 3;

/**
 * Search in an index of one's own on OpenSearch 2 or later, with the k-NN plugin. The server finds by words and by
 * meaning; BM25 is computed here from the user's own documents, as for the embedded store, so that neither another
 * user's words nor deleted documents move a score.
 */
export function createOpenSearch({ client, index, space }: IndexTarget): Search {
  const dimension = space?.dimension ?? null;
  const field = space === null ? '' : vectorField(space);
  return {
    async put(scope, docs) {
      for (let at = 0; at < docs.length; at += BATCH_DOCS) {
        const batch = docs.slice(at, at + BATCH_DOCS);
        for (const { vector } of batch) if (vector !== null) requireDimension(vector, dimension);
        const lines = batch.flatMap((doc) => updateOf(scope, doc, index, field));
        await bulk(client, lines, at + BATCH_DOCS >= docs.length);
      }
    },
    async remove(scope, ids) {
      for (let at = 0; at < ids.length; at += BATCH_DOCS) {
        const lines = ids.slice(at, at + BATCH_DOCS).map((id) => ({ delete: address(scope, id, index) }));
        await bulk(client, lines, at + BATCH_DOCS >= ids.length);
      }
    },
    async removeLife(scope) {
      await removeLife(client, index, scope);
    },
    async textSearch(query, within) {
      return textSearch(client, index, query, within);
    },
    async vectorSearch(vector, within) {
      requireDimension(vector, dimension);
      return vectorSearch(client, index, field, vector, within);
    },
    close: () => client.close(),
  };
}

/** Keeps a user's documents in one shard; of one length whatever the ids are. */
const routingOf = (scope: LifeScope): string => digest(scope.projectId, userKey(scope)).slice(0, 32);

const address = (scope: LifeScope, id: string, index: string) => {
  const routing = routingOf(scope);
  return { _index: index, _id: `${routing}/${id}`, routing };
};

/** A partial document: fields that are not given, such as a vector that is there already, stay. */
function updateOf(
  scope: LifeScope,
  { id, text, createdMs, vector }: SearchDoc,
  index: string,
  field: string,
) {
  const tokens = tokensOf(text);
  const doc = {
    project_id: scope.projectId,
    user_key: userKey(scope),
    id,
    created_ms: createdMs,
    length: tokens.length,
    tokens: tokens.join(' '),
    // The server refuses a vector without a direction.
    ...(vector?.some((value) => value !== 0) ? { [field]: vector } : {}),
  };
  return [{ update: { ...address(scope, id, index), retry_on_conflict: 3 } }, { doc, doc_as_upsert: true }];
}

function tokensOf(text: string): string[] {
  let room = MAX_TOKENS_CHARS;
  const all = terms(text);
  const end = all.findIndex((term) => {
    room -= term.length + 1;
    return room < 0;
  });
  return end === -1 ? all : all.slice(0, end);
}

interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly Readonly<Record<string, { error?: { type: string; reason: string } }>>[];
}

/**
 * @param last whether this is the call's last batch: its answer waits for the next refresh, which covers the batches
 *   before it in the same shard, so that what was acknowledged is found. Forcing a refresh instead would leave a
 *   segment, and later the merging of its vector graph, behind every conversation.
 */
async function bulk(client: SearchClient, lines: readonly object[], last: boolean): Promise<void> {
  const query = { refresh: last ? 'wait_for' : 'false', require_alias: 'true' };
  const answer = (await client.request({
    method: 'POST',
    path: '/_bulk',
    query,
    lines,
    timeoutMs: WRITE_MS,
  })) as BulkAnswer;
  if (!answer.errors) return;
  const [fault] = answer.items.flatMap((item) => Object.values(item)).flatMap(({ error }) => error ?? []);
  const { type, reason } = fault ?? { type: '', reason: 'no reason given' };
  throw new MemoryError(
    'store_unavailable',
    type === 'index_not_found_exception'
      ? 'The search index is missing. Run npm run migrate.'
      : `The search service refuses to write: ${reason}`,
  );
}

async function removeLife(client: SearchClient, index: string, scope: LifeScope): Promise<void> {
  // A deletion by query sees what a search sees: a write that broke off may have left more behind.
  await client.request({ method: 'POST', path: `/${index}/_refresh`, timeoutMs: WRITE_MS });
  for (let round = 0; round < DELETE_ROUNDS; round += 1) {
    const answer = await client.request({
      method: 'POST',
      path: `/${index}/_delete_by_query`,
      query: { routing: routingOf(scope), conflicts: 'proceed', refresh: 'true' },
      body: { query: { bool: { filter: ofLife(scope) } } },
      timeoutMs: WRITE_MS,
    });
    if ((answer as { version_conflicts?: number }).version_conflicts === 0) return;
  }
  throw new MemoryError('store_unavailable', 'Documents of a deleted user are still being written.');
}

const ofLife = (scope: LifeScope) => [
  { term: { project_id: scope.projectId } },
  { term: { user_key: userKey(scope) } },
];
const inWindow = ({ scope, sinceMs }: SearchScope) => [
  ...ofLife(scope),
  { range: { created_ms: { gte: sinceMs } } },
];

interface SearchAnswer {
  readonly hits: { readonly hits: readonly Hit[] };
  readonly aggregations?: { readonly all: { readonly own: Collection } };
}
interface Hit {
  readonly _score: number;
  readonly fields: { readonly id: readonly [string]; readonly 'tokens.raw'?: readonly [string] };
}
interface Collection {
  readonly doc_count: number;
  readonly length: { readonly value: number | null };
}

/** Reads columns only: a stored document is large, because of its vector. */
async function search(
  client: SearchClient,
  index: string,
  scope: LifeScope,
  columns: readonly string[],
  body: Readonly<Record<string, unknown>>,
): Promise<SearchAnswer> {
  const answer = await client.request({
    method: 'POST',
    path: `/${index}/_search`,
    query: { routing: routingOf(scope) },
    body: {
      stored_fields: '_none_',
      docvalue_fields: columns,
      track_total_hits: false,
      timeout: `${SEARCH_MS}ms`,
      ...body,
    },
    timeoutMs: SEARCH_MS,
  });
  return answer as SearchAnswer;
}

async function textSearch(
  client: SearchClient,
  index: string,
  query: string,
  within: SearchScope,
): Promise<SearchHit[]> {
  const wanted = [...new Set(terms(query))].slice(-MAX_QUERY_TERMS);
  if (wanted.length === 0) return [];
  const filter = inWindow(within);
  const length = { avg: { field: 'length' } };
  const { hits, aggregations } = await search(client, index, within.scope, ['id', 'tokens.raw'], {
    size: Math.max(CANDIDATES, within.limit),
    query: { bool: { filter, must: [{ match: { tokens: wanted.join(' ') } }] } },
    aggs: { all: { global: {}, aggs: { own: { filter: { bool: { filter } }, aggs: { length } } } } },
  });
  const own = aggregations?.all.own;
  const documents = hits.hits.map(({ fields }) => ({
    id: fields.id[0],
    terms: fields['tokens.raw']?.[0].split(' ') ?? [],
  }));
  const collection = { documents: own?.doc_count ?? 0, averageLength: own?.length.value ?? 0 };
  return bm25(wanted, documents, collection).slice(0, within.limit);
}

async function vectorSearch(
  client: SearchClient,
  index: string,
  field: string,
  vector: readonly number[],
  within: SearchScope,
): Promise<SearchHit[]> {
  if (vector.every((value) => value === 0)) return [];
  const filter = { bool: { filter: inWindow(within) } };
  const { hits } = await search(client, index, within.scope, ['id'], {
    size: within.limit,
    query: { knn: { [field]: { vector, k: within.limit, filter } } },
  });
  return hits.hits.map(({ _score, fields }) => ({ id: fields.id[0], score: cosineOf(_score) }));
}

/** The Lucene engine scores `cosinesimil` as (1 + cosine) / 2. */
export const cosineOf = (score: number): number => 2 * score - 1;
