import type { Client } from '@opensearch-project/opensearch';
import { MemoryError } from '../../domain/errors.ts';

/** Where a search service is, and who asks. */
export interface SearchServer {
  /** What its settings begin with, for messages: `opensearch` or `lindorm_search`. */
  readonly settings: string;
  /** `http://` or `https://`, host, port. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificate of the authority, as PEM text; without one, those Node trusts. */
  readonly ca?: string | undefined;
}

export interface SearchRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Instead of a body: the lines of a bulk request. */
  readonly lines?: readonly object[];
  /** How long one try may take. */
  readonly timeoutMs: number;
}

/** The REST interface that OpenSearch and Lindorm share. */
export interface SearchClient {
  /**
   * Sends a request that may be repeated without harm; no answer, and 502 to 504, are tried once more. Resolves to
   * the answer's JSON. Throws `store_unavailable` with the one thing to look at.
   */
  request(request: SearchRequest): Promise<unknown>;
  close(): Promise<void>;
}

const RETRIES = 1;
const GATEWAY = new Set([502, 503, 504]);

/** Loads the driver and connects with the first request. */
export function createSearchClient(server: SearchServer): SearchClient {
  let client: Promise<Client> | undefined;
  return {
    async request({ method, path, query, body, lines, timeoutMs }) {
      client ??= connect(server);
      const { transport } = await client;
      const parts = {
        ...(query === undefined ? {} : { querystring: { ...query } }),
        ...(body === undefined ? {} : { body }),
        ...(lines === undefined ? {} : { bulkBody: [...lines] }),
      };
      try {
        const answer = await transport.request(
          { method, path, ...parts },
          { requestTimeout: timeoutMs, maxRetries: RETRIES },
        );
        return answer.body;
      } catch (error) {
        throw describe(error, server, path);
      }
    },
    async close() {
      await (await client)?.close();
    },
  };
}

async function connect({ url, username, password, ca }: SearchServer): Promise<Client> {
  const { Client } = await import('@opensearch-project/opensearch');
  return new Client({
    node: url,
    ...(username === undefined ? {} : { auth: { username, password: password ?? '' } }),
    ...(ca === undefined ? {} : { ssl: { ca } }),
  });
}

/** Thrown where nothing answers, or only what stands before the service. */
export class UnreachableError extends MemoryError {}

/** Thrown where the index asked for is not there. */
export class MissingIndexError extends MemoryError {}

/** What the driver throws holds the request with its password and texts: only its message goes on. */
function describe(error: unknown, { settings, url, username }: SearchServer, path: string): MemoryError {
  const { name, message } = error as Error;
  const options = { cause: new Error(`${name}: ${message}`) };
  const status = (error as { statusCode?: unknown }).statusCode;
  const problem = (text: string) => new MemoryError('store_unavailable', text, options);
  const where = `The search service at ${url}`;
  if (typeof status !== 'number') {
    const [reason] = message.split('\n');
    return new UnreachableError(
      'store_unavailable',
      `${where} does not answer (${reason || name}). Check ${addressSettings(settings)}.`,
      options,
    );
  }
  if (GATEWAY.has(status)) {
    return new UnreachableError('store_unavailable', `${where} is not available (${status}).`, options);
  }
  if (status === 401 || status === 403) {
    const who = username === undefined ? 'a request without a user name' : `the user ${username}`;
    return problem(
      `${where} refuses ${who} (${status}). Check ${settings}_username and ${settings}_password.`,
    );
  }
  const fault = (error as { body?: { error?: { type?: string; reason?: string } } }).body?.error;
  if (status === 404 && fault?.type === 'index_not_found_exception') {
    const index = decodeURIComponent(path.split('/')[1] ?? '');
    return new MissingIndexError(
      'store_unavailable',
      `${where} has no index ${index}. Run npm run migrate.`,
      options,
    );
  }
  return problem(`${where} answered ${status}: ${fault?.reason ?? (message.split('\n')[0] || name)}`);
}

const addressSettings = (settings: string): string =>
  settings === 'opensearch' ? 'opensearch_url' : `${settings}_host, _port and _use_ssl`;
