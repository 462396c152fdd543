import { UnreachableError } from '../../shared/adapters/search/search-client.ts';
import { type Check, holdsIf, noted } from './check.ts';
import {
  type Found,
  noAnswer,
  type ProbeRow,
  put,
  rowsOf,
  type SearchSite,
  search,
  waitUntil,
} from './search-site.ts';

const MINE = 'fusion~1';
const OTHER = 'fusion~2';
const WORD = 'guitar';
const ROWS: readonly ProbeRow[] = [
  { scope: MINE, n: 1, body: 'weather report', embedding: '[1,0,0]' },
  { scope: MINE, n: 2, body: 'guitar lessons', embedding: '[0.6,0.8,0]' },
  { scope: MINE, n: 3, body: 'guitar strings', embedding: '[0,1,0]' },
  { scope: OTHER, n: 4, body: 'guitar shop', embedding: '[1,0,0]' },
];
/** Its cosines with the rows of MINE are 1, 0.6 and 0. */
const QUESTION = [1, 0, 0];
/** The engine scores 1 / (1 + distance), and its cosine distance is 1 - cosine. */
const SCORES: Readonly<Record<number, number>> = { 1: 1, 2: 1 / 1.4, 3: 0.5 };
/** Between the second row's cosine and its score. */
const FLOOR = '0.65';
const RANK_CONSTANT = 60;

const MATCH = { match: { body: { query: WORD } } };
const CONDITION = { term: { scope: MINE } };
const CONDITION_ONLY = { bool: { filter: [CONDITION] } };
const ONE_BOOL = { bool: { must: [MATCH], filter: [CONDITION] } };
const TWO_CLAUSES = { bool: { must: [{ bool: { must: [MATCH] } }, CONDITION_ONLY] } };

const LVECTOR = { filter_type: 'efficient_filter', ef_search: '200', k_expand_scope: '1000' };
const RRF = {
  ...LVECTOR,
  hybrid_search_type: 'filter_rrf',
  rrf_rank_constant: String(RANK_CONSTANT),
  rrf_knn_weight_factor: '0.5',
};

function nearest(site: SearchSite, filter: object, lvector: object): Promise<Found[]> {
  const knn = { embedding: { vector: QUESTION, k: 10, filter } };
  return search(site, { size: 10, query: { knn }, ext: { lvector } }, MINE);
}

const questions: readonly Check<SearchSite>[] = [
  {
    question: 'a search routed by the partition column finds the rows of its value',
    async ask(site) {
      for (const row of ROWS) await put(site, row);
      const both = async () =>
        (await rowsOf(site, MINE)).length === 3 && (await rowsOf(site, OTHER)).length === 1;
      if ((await waitUntil(site, both)) === null)
        return holdsIf(false, `${noAnswer()}: the rows were not found`);
      const own = (await rowsOf(site, MINE, MINE)).length;
      const other = (await rowsOf(site, MINE, 'another~1')).length;
      return holdsIf(own === 3, `${own} of 3 with its own value, ${other} with another value`);
    },
  },
  {
    question: 'a vector search scores 1 / (2 - cosine), and keeps to its condition',
    async ask(site) {
      const found = await nearest(site, CONDITION_ONLY, LVECTOR);
      const asExpected = found.length === 3 && areVectorScores(found);
      return holdsIf(asExpected, `cosines 1, 0.6, 0 give ${scoresOf(found)}`);
    },
  },
  {
    question: `min_score ${FLOOR} of a vector search`,
    async ask(site) {
      const found = await nearest(site, CONDITION_ONLY, { ...LVECTOR, min_score: FLOOR });
      return noted(`${floorMeaning(found)} (${scoresOf(found)})`);
    },
  },
  {
    question: 'filter_rrf, words and condition in one bool',
    ask: async (site) => noted(fusionMeaning(await nearest(site, ONE_BOOL, RRF))),
  },
  {
    question: 'filter_rrf, words and condition in two clauses',
    ask: async (site) => noted(fusionMeaning(await nearest(site, TWO_CLAUSES, RRF))),
  },
  {
    question: `filter_rrf, min_score ${FLOOR}`,
    async ask(site) {
      const without = await nearest(site, TWO_CLAUSES, RRF);
      const found = await nearest(site, TWO_CLAUSES, { ...RRF, min_score: FLOOR });
      return noted(`${fusedFloorMeaning(without, found)} (${scoresOf(found)})`);
    },
  },
];

/** What scores and conditions mean: point 6. The first check writes the rows of all. */
export const fusionChecks: readonly Check<SearchSite>[] = questions.map(notedWhenRefused);

/** That the engine refuses a fused query is an answer: nothing relies on one. */
function notedWhenRefused(check: Check<SearchSite>): Check<SearchSite> {
  if (!/^(filter_rrf|min_score)/.test(check.question)) return check;
  return {
    question: check.question,
    ask: (site) =>
      check.ask(site).catch((error: unknown) => {
        if (error instanceof UnreachableError) throw error;
        return noted((error as Error).message);
      }),
  };
}

const numbersOf = (found: readonly Found[]): string =>
  found
    .map(({ n }) => n)
    .sort()
    .join(' ');

const scoresOf = (found: readonly Found[]): string =>
  found.length === 0
    ? 'no hits'
    : found.map(({ n, score }) => `row ${n}: ${Number(score.toFixed(4))}`).join(', ');

const areVectorScores = (found: readonly Found[]): boolean =>
  found.every(({ n, score }) => Math.abs(score - (SCORES[n] ?? Number.NaN)) < 0.001);

function floorMeaning(found: readonly Found[]): string {
  switch (numbersOf(found)) {
    case '1 2':
      return 'is a floor of the score 1 / (2 - cosine)';
    case '1':
      return 'is a floor of the cosine';
    case '1 2 3':
      return 'is ignored';
    default:
      return 'means something else';
  }
}

/** The nearest row lacks the word, so it comes only where words do not exclude. */
function fusionMeaning(found: readonly Found[]): string {
  if (found.length === 0) return 'finds nothing';
  if (found.some(({ scope }) => scope !== MINE)) return `ignores the condition (${scoresOf(found)})`;
  const words = found.some(({ n }) => n === 1) ? 'words join the fusion' : 'words are a hard condition';
  return `${words}, ${scaleOf(found)} (${scoresOf(found)})`;
}

function scaleOf(found: readonly Found[]): string {
  // Two lists, each adding at most 1 / (constant + 1).
  const largestSum = 2 / (RANK_CONSTANT + 1);
  if (found.every(({ score }) => score <= largestSum)) return '_score is a sum of reciprocal ranks';
  return areVectorScores(found) ? '_score is that of the vector' : '_score has another scale';
}

function fusedFloorMeaning(without: readonly Found[], found: readonly Found[]): string {
  if (found.length === 0)
    return without.length === 0 ? 'finds nothing either way' : 'is a floor of the fused score';
  if (numbersOf(found) !== numbersOf(without)) {
    return numbersOf(found) === '1 2'
      ? 'is a floor of the vector score for every hit'
      : 'means something else';
  }
  return scoresOf(found) === scoresOf(without)
    ? 'is ignored'
    : 'takes rows from the list of vectors only; words still find them';
}
