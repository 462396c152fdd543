import { createLindormSearch } from '../adapters/search/lindorm.ts';
import {
  assertLindormIndex,
  createLindormIndex,
  type LindormVectors,
  lindormIndexName,
  planLindormIndex,
} from '../adapters/search/lindorm-index.ts';
import { createOpenSearch } from '../adapters/search/opensearch.ts';
import {
  assertIndex,
  createIndex,
  type IndexTarget,
  planIndex,
} from '../adapters/search/opensearch-index.ts';
import { createScanSearch } from '../adapters/search/scan.ts';
import { createSearchClient, UnreachableError } from '../adapters/search/search-client.ts';
import { createSqliteSearch } from '../adapters/search/sqlite.ts';
import type { EmbeddingModel } from '../adapters/sql/embedding-spaces.ts';
import type { VectorColumn } from '../adapters/sql/timeline.ts';
import type { Deps, Search, Store } from '../app/ports.ts';
import type { Config } from '../config.ts';
import { MemoryError } from '../domain/errors.ts';
import { log } from '../log.ts';
import { type Connection, pem } from './connections.ts';

/** What a search index stands beside. */
export interface SearchSite {
  readonly config: Config;
  readonly connection: Connection;
  /** Where gists keep the vectors of the model in use. */
  readonly column: VectorColumn;
  /** The embedding model in use, or null without one. */
  readonly model: EmbeddingModel | null;
  /** True while the model's vectors are written and not yet searched. */
  readonly filling?: boolean;
}

export interface Preparation {
  readonly dryRun: boolean;
  /** Whether room may be made for the vectors of one more model. */
  readonly furtherModel?: boolean;
  readonly sleep: Deps['timers']['sleep'];
}

interface SearchKind {
  open(site: SearchSite, timeline: Store['timeline']): Promise<Search>;
  /** Creates what is missing, or says what it would create, as statements or request lines. */
  prepare(site: SearchSite, preparation: Preparation): Promise<string[]>;
}

/** Kinds that make their index by themselves, or need none. */
const prepared = async (): Promise<string[]> => [];

const SEARCHES = {
  sqlite: {
    open({ connection, column, model }) {
      const vectors = column === 'vector' ? 'search_vectors' : 'search_vectors_b';
      return createSqliteSearch(connection.executor, model?.dimension ?? null, vectors);
    },
    prepare: prepared,
  },
  scan: {
    open: async ({ model }, timeline) => createScanSearch(timeline, model?.dimension ?? null),
    prepare: prepared,
  },
  opensearch: {
    async open(site) {
      const target = openSearchTarget(site);
      await tolerateOutage(assertIndex(target));
      return createOpenSearch(target);
    },
    async prepare(site, { dryRun, furtherModel }) {
      const target = openSearchTarget(site);
      try {
        return await (dryRun ? planIndex : createIndex)(target, furtherModel);
      } finally {
        await target.client.close();
      }
    },
  },
  lindorm: {
    async open(site) {
      const { config } = site;
      const client = lindormClient(config);
      const index = lindormIndexName(config.lindorm_table_database);
      const vectors = lindormVectors(site);
      if (site.filling !== true) await tolerateOutage(assertLindormIndex(client, index, vectors));
      return createLindormSearch({ client, index, vectors });
    },
    async prepare(site, { dryRun, sleep }) {
      const { executor } = site.connection;
      const vectors = lindormVectors(site);
      if (dryRun) return planLindormIndex(executor, vectors);
      return createLindormIndex(executor, vectors, { sleep, clock: Date.now });
    },
  },
} as const satisfies Record<NonNullable<Config['search']>, SearchKind>;

const BY_STORE = { sqlite: 'sqlite', mysql: 'scan', lindorm: 'lindorm' } as const satisfies Record<
  Config['store'],
  keyof typeof SEARCHES
>;

/** Kinds that live inside one store, or are filled by it. */
const NEEDS_STORE: Partial<Record<keyof typeof SEARCHES, Config['store']>> = {
  sqlite: 'sqlite',
  lindorm: 'lindorm',
};

/** Throws `config_invalid` for a search that cannot stand beside the store. */
function searchKind({ search, store }: Config): SearchKind {
  const kind = search ?? BY_STORE[store];
  const needed = NEEDS_STORE[kind] ?? store;
  if (needed === store) return SEARCHES[kind];
  throw new MemoryError(
    'config_invalid',
    `search ${kind} works with store ${needed} only, and store is ${store}. Set search to opensearch or scan.`,
  );
}

/**
 * Opens the configured search index. Throws `config_invalid` when it is missing or was made for another embedding
 * model; one that does not answer is an outage, during which memory is read without it.
 */
export function openSearch(site: SearchSite, timeline: Store['timeline']): Promise<Search> {
  return searchKind(site.config).open(site, timeline);
}

/** Creates the configured search index, or what it lacks, and waits until it can be used. */
export function prepareSearch(site: SearchSite, preparation: Preparation): Promise<string[]> {
  return searchKind(site.config).prepare(site, preparation);
}

async function tolerateOutage(check: Promise<void>): Promise<void> {
  try {
    await check;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    log('warn', 'search_unavailable', { message: error.message });
  }
}

function openSearchTarget({ config, model }: SearchSite): IndexTarget {
  const client = createSearchClient({
    settings: 'opensearch',
    url: config.opensearch_url,
    username: config.opensearch_username,
    password: config.opensearch_password,
    ca: pem('opensearch_ca', config.opensearch_ca),
  });
  return { client, index: `${config.opensearch_index_prefix}_gists`, space: model };
}

/** The engines of an instance share their users. */
function lindormClient(config: Config) {
  const scheme = config.lindorm_search_use_ssl ? 'https' : 'http';
  return createSearchClient({
    settings: 'lindorm_search',
    url: `${scheme}://${config.lindorm_search_host}:${config.lindorm_search_port}`,
    username: config.lindorm_search_username ?? config.lindorm_table_username,
    password: config.lindorm_search_password ?? config.lindorm_table_password,
  });
}

const lindormVectors = ({ model, column }: SearchSite): LindormVectors | null =>
  model === null ? null : { ...model, column };
