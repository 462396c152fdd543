import { namesOf, type SearchSite } from '../../scripts/probe/search-site.ts';
import { createSearchClient } from '../../shared/adapters/search/search-client.ts';
import type { SqlExecutor, SqlRow } from '../../shared/adapters/sql/executor.ts';
import { createLindormDialect } from '../../shared/adapters/sql/lindorm-dialect.ts';

export interface Rigged {
  readonly site: SearchSite;
  /** Statements with their values, as the wide table got them. */
  readonly ran: string[];
}

/** A site of table `memobase_probe_aa` at an engine, with a wide table that notes, and time that only sleeping moves. */
export function rig(url: string, overSql: Partial<SqlExecutor> = {}): Rigged {
  const ran: string[] = [];
  let nowMs = 0;
  const executor: SqlExecutor = {
    query: async (): Promise<SqlRow[]> => [{ INDEX_NAME: 'srh_probe_aa', INDEX_STATE: 'ACTIVE' }],
    async run(sql, params) {
      ran.push([sql, ...params].join(' | '));
    },
    async close() {},
    ...overSql,
  };
  const site: SearchSite = {
    executor,
    dialect: createLindormDialect({ eventsTtlS: null, gistsTtlS: null }),
    client: createSearchClient({ settings: 'lindorm_search', url, username: 'root', password: '0815' }),
    address: 'ld:30070',
    ...namesOf('aa', 'memobase'),
    clock: () => nowMs,
    async sleep(ms) {
      nowMs += ms;
    },
  };
  return { site, ran };
}

/** Hits as the engine words them: number, score, and scope. */
export const hits = (scope: string, ...found: readonly (readonly [number, number])[]) => ({
  body: {
    hits: {
      hits: found.map(([n, _score]) => ({ _id: `${scope}|${n}`, _score, _source: { scope, n: String(n) } })),
    },
  },
});
