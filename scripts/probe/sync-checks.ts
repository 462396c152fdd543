import { type Check, holdsIf, noted, type Verdict } from './check.ts';
import {
  noAnswer,
  put,
  QUESTION_MS,
  rowsOf,
  type SearchSite,
  type Waiting,
  waitUntil,
} from './search-site.ts';

/** The sign in it is that of the product's own user keys. */
const SCOPE = 'sync~1';
const WRITES = 20;
const TTL_S = 60;
const EXPIRY_MS = 3 * 3_600_000;
const EXPIRY_POLL_MS = 30_000;

const rowOf = (n: number) => ({ scope: SCOPE, n, body: `write ${n}`, embedding: '[1,0,0]' });

/** How long changes take from the table to the search index: point 5. TRUNCATE comes last. */
export const indexChecks: readonly Check<SearchSite>[] = [
  {
    question: `a write is found by search (${WRITES} writes)`,
    async ask(site) {
      const delaysMs = await measureDelays(site);
      const missing = WRITES - delaysMs.length;
      const sorted = delaysMs.sort((a, b) => a - b);
      const figures =
        sorted.length === 0 ? '' : `p50 ${percentile(sorted, 50)} ms, p99 ${percentile(sorted, 99)} ms`;
      if (missing === 0) return noted(figures);
      const late = `${noAnswer()} for ${missing} of ${WRITES}`;
      return holdsIf(false, figures === '' ? late : `${late}; the others: ${figures}`);
    },
  },
  {
    question: 'hits carry the key columns in _source',
    async ask(site) {
      const [hit] = await rowsOf(site, SCOPE);
      const intact = hit !== undefined && hit.scope === SCOPE && hit.n >= 1 && hit.n <= WRITES;
      return holdsIf(
        intact,
        hit === undefined ? 'no hit' : `${hit.scope}, ${hit.n}; _id ${JSON.stringify(hit.id)}`,
      );
    },
  },
  {
    question: 'a row with an empty vector is found by search',
    async ask(site) {
      const scope = 'empty~1';
      await put(site, { scope, n: 1, body: 'no vector', embedding: '' });
      const tookMs = await waitUntil(site, async () => (await rowsOf(site, scope)).length === 1);
      return holdsIf(tookMs !== null, tookMs === null ? noAnswer() : `after ${tookMs} ms`);
    },
  },
  {
    question: 'DELETE of a row takes it out of search',
    async ask(site) {
      await site.executor.run(`DELETE FROM ${site.table.name} WHERE scope = ? AND n = ?`, [SCOPE, 1]);
      return untilGone(site, async () => (await rowsOf(site, SCOPE)).every(({ n }) => n !== 1));
    },
  },
  {
    question: 'TRUNCATE of the table empties the search index',
    async ask(site) {
      const row = rowOf(WRITES + 1);
      await put(site, row);
      const there = await waitUntil(site, async () =>
        (await rowsOf(site, SCOPE)).some(({ n }) => n === row.n),
      );
      if (there === null) return noted(`${noAnswer()}: the row to truncate was not found`);
      await site.executor.run(`TRUNCATE TABLE ${site.table.name}`, []);
      return untilGone(site, async () => (await rowsOf(site, SCOPE)).length === 0);
    },
  },
];

export const ttlQuestion = 'expiry (TTL) of a row takes it out of search';

/** Takes up to three hours, and shortens the life of all the table's rows meanwhile. */
export const ttlCheck: Check<SearchSite> = {
  question: ttlQuestion,
  async ask(site) {
    const { executor, dialect, table } = site;
    const { retention } = dialect;
    if (retention === null) return noted('the store has no TTL');
    await executor.run(retention.change(table.name, TTL_S), []);
    const verdict = await untilGone(site, async () => (await rowsOf(site, SCOPE)).length === 0, {
      limitMs: EXPIRY_MS,
      pollMs: EXPIRY_POLL_MS,
    });
    await executor.run(retention.change(table.name, null), []);
    return verdict;
  },
};

/** Nothing relies on it: hits are verified by key. */
async function untilGone(
  site: SearchSite,
  isSo: () => Promise<boolean>,
  waiting: Waiting = {},
): Promise<Verdict> {
  const tookMs = await waitUntil(site, isSo, waiting);
  return noted(tookMs === null ? `${noAnswer(waiting.limitMs)}: still found` : `after ${tookMs} ms`);
}

/** One write per look, so that delays are not those of one batch; milliseconds of those that were found. */
async function measureDelays(site: SearchSite): Promise<number[]> {
  const writtenMs = new Map<number, number>();
  const delaysMs = new Map<number, number>();
  await waitUntil(
    site,
    async () => {
      if (writtenMs.size < WRITES) {
        const n = writtenMs.size + 1;
        await put(site, rowOf(n));
        writtenMs.set(n, site.clock());
      }
      for (const { n } of await rowsOf(site, SCOPE)) {
        const sinceMs = writtenMs.get(n);
        if (sinceMs !== undefined && !delaysMs.has(n)) delaysMs.set(n, site.clock() - sinceMs);
      }
      return delaysMs.size === WRITES;
    },
    { limitMs: QUESTION_MS },
  );
  return [...delaysMs.values()];
}

/** Nearest rank. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0;
}
