import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { createSearchClient, UnreachableError } from '../../shared/adapters/search/search-client.ts';
import { type RecordingServer, type Reply, startRecordingServer } from '../support/recording-server.ts';

let server: RecordingServer | undefined;
afterEach(() => server?.close());

async function openWith(...replies: (Reply | 'hang' | 'cut')[]) {
  server = await startRecordingServer(...replies);
  const client = createSearchClient({
    settings: 'opensearch',
    url: server.url,
    username: 'writer',
    password: 'hush-hush',
  });
  const ask = () => client.request({ method: 'GET', path: '/memobase_gists/_mapping', timeoutMs: 200 });
  return { ask, client, url: server.url, requests: server.requests };
}

const driverLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('@opensearch-project'));

describe('the client of a search service', () => {
  test('loads its driver with the first request, not before', async () => {
    const { ask, client } = await openWith({ body: {} });
    expect(driverLoaded()).toBe(false);
    await ask();
    expect(driverLoaded()).toBe(true);
    await client.close();
  });

  test('tries once more when the connection is cut, or a gateway has nothing behind it', async () => {
    const { ask, requests } = await openWith('cut', { body: { ok: 1 } });
    expect(await ask()).toEqual({ ok: 1 });
    expect(requests.length).toBe(2);
    await server?.close();

    const second = await openWith({ status: 503, body: {} }, { body: { ok: 2 } });
    expect(await second.ask()).toEqual({ ok: 2 });
  });

  test.each([
    ['never answers', 'hang', 'does not answer'],
    ['cuts every connection', 'cut', 'does not answer'],
    ['is starting', { status: 503, body: {} }, 'is not available (503)'],
  ] as const)('takes a service that %s for an outage', async (_, reply, message) => {
    const { ask, url, requests } = await openWith(reply);
    const failure = await ask().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure).toMatchObject({ code: 'store_unavailable' });
    expect((failure as Error).message).toMatch(`The search service at ${url} ${message}`);
    expect(requests.length).toBe(2);
  });

  test('works again when the service does', async () => {
    const { ask } = await openWith('cut', 'cut', 'cut', 'cut', { body: { ok: 1 } });
    await expect(ask()).rejects.toThrow('does not answer');
    await expect(ask()).rejects.toThrow('does not answer');
    expect(await ask()).toEqual({ ok: 1 });
  });

  test.each([401, 403])(
    'says at status %d whom the service refuses, and never the password',
    async (status) => {
      const { ask, url } = await openWith({ status, body: 'Unauthorized' });
      const failure = await ask().catch((error: unknown) => error);
      expect((failure as Error).message).toBe(
        `The search service at ${url} refuses the user writer (${status}). ` +
          'Check opensearch_username and opensearch_password.',
      );
      const { inspect } = await import('node:util');
      const shown = inspect(failure, { depth: 20 });
      expect(shown).not.toContain('hush-hush');
      expect(shown).not.toContain(Buffer.from('writer:hush-hush').toString('base64'));
    },
  );

  test('passes on what the service says is wrong, in one line', async () => {
    const error = { type: 'x_content_parse_exception', reason: '[1:2] unknown field [ext]' };
    const { ask, url } = await openWith({ status: 400, body: { error, status: 400 } });
    await expect(ask()).rejects.toThrow(
      `The search service at ${url} answered 400: [1:2] unknown field [ext]`,
    );
  });
});
