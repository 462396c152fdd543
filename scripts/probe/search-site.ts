import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createSearchClient, type SearchClient } from '../../shared/adapters/search/search-client.ts';
import type { Dialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlExecutor, SqlValue } from '../../shared/adapters/sql/executor.ts';
import type { Table } from '../../shared/adapters/sql/tables.ts';
import type { Config } from '../../shared/config.ts';
import { connect } from '../../shared/runtime/connections.ts';

/** How long one question may wait for its answer, and one statement take. */
export const QUESTION_MS = 60_000;
const POLL_MS = 200;
const REQUEST_MS = 5_000;

/** A table and a search index of the probe's own, and the two engines that hold them. */
export interface SearchSite {
  readonly executor: SqlExecutor;
  readonly dialect: Dialect;
  readonly client: SearchClient;
  /** Host and port of the search engine. */
  readonly address: string;
  readonly table: Table;
  readonly index: string;
  /** The index's name in the search engine. */
  readonly path: string;
  clock(): number;
  sleep(ms: number): Promise<void>;
}

export interface ProbeRow {
  readonly [column: string]: SqlValue;
  readonly scope: string;
  readonly n: number;
  readonly body: string;
  /** A JSON array, or empty. */
  readonly embedding: string;
}

export interface Found {
  readonly id: string;
  readonly scope: string;
  readonly n: number;
  readonly score: number;
}

/** Names of the probe's own, which nothing else in the database has. */
export function namesOf(suffix: string, database: string): Pick<SearchSite, 'table' | 'index' | 'path'> {
  const name = `memobase_probe_${suffix}`;
  const index = `srh_probe_${suffix}`;
  const table = {
    name,
    key: { scope: 'key', n: 'integer' },
    columns: { body: 'text', embedding: 'text' },
  } as const;
  return { table, index, path: `/${database}.${name}.${index}` };
}

/** Connects with the first statement and the first request. */
export async function openSearchSite(config: Config): Promise<SearchSite> {
  const { executor, dialect } = await connect(config, { statementMs: QUESTION_MS });
  const address = `${config.lindorm_search_host}:${config.lindorm_search_port}`;
  const client = createSearchClient({
    settings: 'lindorm_search',
    url: `${config.lindorm_search_use_ssl ? 'https' : 'http'}://${address}`,
    username: config.lindorm_search_username ?? config.lindorm_table_username,
    password: config.lindorm_search_password ?? config.lindorm_table_password,
  });
  return {
    executor,
    dialect,
    client,
    address,
    ...namesOf(randomBytes(4).toString('hex'), config.lindorm_table_database),
    clock: Date.now,
    sleep: (ms) => setTimeout(ms),
  };
}

export async function put({ executor, dialect, table }: SearchSite, row: ProbeRow): Promise<void> {
  await executor.run(dialect.upsert(table, Object.keys(row)), Object.values(row));
}

/** @param routing the partition to look at; all of them without one */
export async function search(site: SearchSite, body: object, routing?: string): Promise<Found[]> {
  const answer = await site.client.request({
    method: 'POST',
    path: `${site.path}/_search`,
    ...(routing === undefined ? {} : { query: { routing } }),
    body: { size: 100, _source: ['scope', 'n'], ...body },
    timeoutMs: REQUEST_MS,
  });
  const { hits } = answer as { hits: { hits: Hit[] } };
  return hits.hits.map(({ _id, _score, _source }) => ({
    id: _id,
    scope: String(_source?.scope),
    n: Number(_source?.n),
    score: Number(_score),
  }));
}

interface Hit {
  readonly _id: string;
  readonly _score: number | null;
  readonly _source?: { readonly scope?: string; readonly n?: number | string };
}

/** Rows of a scope that searches find, in all partitions or in one. */
export const rowsOf = (site: SearchSite, scope: string, routing?: string): Promise<Found[]> =>
  search(site, { query: { bool: { filter: [{ term: { scope } }] } } }, routing);

export interface Waiting {
  readonly limitMs?: number;
  readonly pollMs?: number;
}

/** Milliseconds until it was so, or null where it was not within the limit. */
export async function waitUntil(
  { clock, sleep }: Pick<SearchSite, 'clock' | 'sleep'>,
  isSo: () => Promise<boolean>,
  { limitMs = QUESTION_MS, pollMs = POLL_MS }: Waiting = {},
): Promise<number | null> {
  const begunMs = clock();
  for (;;) {
    if (await isSo()) return clock() - begunMs;
    if (clock() - begunMs >= limitMs) return null;
    await sleep(pollMs);
  }
}

/** For verdicts on a wait that was in vain. */
export const noAnswer = (limitMs = QUESTION_MS): string => `no answer within ${limitMs / 1_000} s`;
