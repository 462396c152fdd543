import type { Relevance } from '../../app/ports.ts';
import type { RerankEndpoint } from './endpoints.ts';

type Json = Readonly<Record<string, unknown>>;

/** A refusal in the shape the classification of failures reads: status, code, message, headers. */
export class RerankFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Headers;

  constructor(status: number, code: string, message: string, headers = new Headers()) {
    super(message);
    this.name = 'RerankFailure';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  /** Providers put code and message at the top, or under `error`. */
  static ofStatus(status: number, text: string, headers: Headers): RerankFailure {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = null;
    }
    const top = isObject(body) ? body : {};
    const said = isObject(top['error']) ? top['error'] : top;
    return new RerankFailure(status, textOf(said['code']), textOf(said['message']), headers);
  }
}

/**
 * The relevances of an answer with a good status, best first. Entries that name no document or no score are left
 * out. Throws {@link RerankFailure} for an answer that carries an error code, or no results at all.
 */
export function readAnswer(
  answer: unknown,
  endpoint: Pick<RerankEndpoint, 'results'>,
  documents: number,
): Relevance[] {
  const body = isObject(answer) ? answer : {};
  const code = textOf(body['code']);
  if (code !== '') throw new RerankFailure(statusOf(code), code, textOf(body['message']));
  const results = endpoint.results(body);
  if (!Array.isArray(results)) {
    throw new RerankFailure(502, '', 'it answered 200 without results; is the base URL right?');
  }
  const byIndex = new Map<number, Relevance>();
  for (const result of results) {
    const relevance = relevanceOf(result, documents);
    if (relevance !== null && !byIndex.has(relevance.index)) byIndex.set(relevance.index, relevance);
  }
  return [...byIndex.values()].sort((a, b) => b.score - a.score || a.index - b.index);
}

function relevanceOf(result: unknown, documents: number): Relevance | null {
  if (!isObject(result)) return null;
  const { index, relevance_score: relevance, score } = result;
  const value = typeof relevance === 'number' ? relevance : score;
  if (!Number.isInteger(index) || typeof value !== 'number' || !Number.isFinite(value)) return null;
  const place = Number(index);
  return place >= 0 && place < documents ? { index: place, score: value } : null;
}

/** What an error code within a good status would have been as a status of its own. */
function statusOf(code: string): number {
  if (/throttl|rate.?limit|quota.?exceeded/i.test(code)) return 429;
  if (/internal|timeout|unavailable|busy/i.test(code)) return 503;
  if (/api.?key|access|denied|unauthori[sz]ed|arrearage/i.test(code)) return 401;
  return 400;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
