import { UnreachableError } from '../../shared/adapters/search/search-client.ts';
import { type Check, failureOf, holds, holdsIf, notAsked, type Report, verdictOf } from './check.ts';
import { fusionChecks } from './fusion-checks.ts';
import { noAnswer, QUESTION_MS, type SearchSite, waitUntil } from './search-site.ts';
import { indexChecks, ttlCheck, ttlQuestion } from './sync-checks.ts';

const REACH_MS = 3_000;
const STATE_POLL_MS = 2_000;
const REFUSED = /\((401|403)\)/;

/**
 * Asks the search engine points 5 and 6, in a table and an index that are dropped at the end, whatever happens. Closes
 * the site.
 *
 * @param ttl whether to wait for an expiry
 */
export async function probeSearch(site: SearchSite, ttl: boolean, report: Report): Promise<void> {
  // TRUNCATE, the last of the first list, has to come after everything that reads rows.
  const before = indexChecks.slice(0, -1);
  const last = indexChecks.slice(-1);
  const checks = [...before, ...fusionChecks, ...(ttl ? [ttlCheck] : []), ...last];
  try {
    const obstacle = await obstacleOf(site);
    if (obstacle === null) await probeIndex(site, checks, report);
    else for (const { question } of [builtCheck, ...checks]) report(question, notAsked(obstacle));
    if (!ttl) report(ttlQuestion, notAsked('takes hours, npm run probe -- --ttl'));
  } finally {
    await failureOf(site.executor.close());
    await site.client.close();
  }
}

/** Why nothing can be asked, or null. */
async function obstacleOf({ client, dialect, address }: SearchSite): Promise<string | null> {
  try {
    await client.request({ method: 'GET', path: '/', timeoutMs: REACH_MS });
  } catch (error) {
    if (error instanceof UnreachableError) return `no search engine answers at ${address}`;
    // Whatever else it says to this: it is there, and may well answer the questions.
    const { message } = error as Error;
    if (REFUSED.test(message)) return message;
  }
  return dialect.name === 'lindorm' ? null : 'the search engine reads tables of store lindorm only';
}

async function probeIndex(site: SearchSite, checks: readonly Check<SearchSite>[], report: Report) {
  const { executor, table, index } = site;
  try {
    const built = await verdictOf(builtCheck, site);
    report(builtCheck.question, built);
    for (const check of checks) {
      const verdict =
        built.is === 'holds' ? await verdictOf(check, site) : notAsked('the probe has no search index');
      report(check.question, verdict);
    }
  } finally {
    for (const statement of [
      `DROP INDEX IF EXISTS ${index} ON ${table.name}`,
      `DROP TABLE IF EXISTS ${table.name}`,
    ]) {
      const failure = await failureOf(executor.run(statement, []));
      if (failure !== null) report(`run this yourself: ${statement}`, { is: 'noted', found: failure });
    }
  }
}

const builtCheck: Check<SearchSite> = {
  question: 'a search index can be made, and is reported ACTIVE',
  async ask(site) {
    const { executor, dialect, table, index } = site;
    await executor.run(dialect.createTable(table), []);
    await executor.run(indexDdl(table.name, index), []);
    let state = 'missing';
    const tookMs = await waitUntil(
      site,
      async () => {
        const rows = await executor.query(`SHOW INDEX FROM ${table.name}`, []);
        state = String(rows.find((row) => row['INDEX_NAME'] === index)?.['INDEX_STATE'] ?? 'missing');
        return state.toUpperCase() === 'ACTIVE';
      },
      { pollMs: STATE_POLL_MS },
    );
    if (tookMs === null) return holdsIf(false, `${noAnswer(QUESTION_MS)}, its state is ${state}`);
    return holds(`after ${tookMs} ms`);
  },
};

/** As the product makes its own, over fewer columns and three dimensions. */
function indexDdl(table: string, index: string): string {
  const text = JSON.stringify({ type: 'text', analyzer: 'ik_max_word' });
  const vector = JSON.stringify({
    type: 'knn_vector',
    dimension: 3,
    data_type: 'float',
    method: {
      engine: 'lvector',
      name: 'hnsw',
      space_type: 'cosinesimil',
      parameters: { m: 24, ef_construction: 500 },
    },
  });
  const settings = { index: { knn: true, knn_routing: true, 'knn.vector_empty_value_to_keep': true } };
  return (
    `CREATE INDEX ${index} USING SEARCH ON ${table} (scope, n, body(mapping='${text}'), ` +
    `embedding(mapping='${vector}')) PARTITION BY hash(scope) WITH (` +
    `SOURCE_SETTINGS='{"excludes":["embedding"]}', INDEX_SETTINGS='${JSON.stringify(settings)}')`
  );
}
