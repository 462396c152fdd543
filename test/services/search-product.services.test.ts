import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { terms } from '../../shared/domain/segment.ts';
import { chat, type Rig, startRig } from '../e2e/rig.ts';
import { embeddingReply, type ModelServer, startModelServer } from '../support/model-server.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import { newDatabase, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

const newPrefix = (): string => `test_${randomBytes(6).toString('hex')}`;
const indexOf = (prefix: string): string => `${prefix}_gists`;

async function settingsOn(prefix: string, database: string): Promise<Record<string, string>> {
  return {
    ...settingsFor(database),
    MEMOBASE_SEARCH: 'opensearch',
    MEMOBASE_OPENSEARCH_URL: inject('openSearchUrl'),
    MEMOBASE_OPENSEARCH_INDEX_PREFIX: prefix,
  };
}

async function indexed(prefix: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${inject('openSearchUrl')}/${indexOf(prefix)}/_search?size=100`);
  const { hits } = (await response.json()) as { hits: { hits: { _source: Record<string, unknown> }[] } };
  return hits.hits.map(({ _source }) => _source);
}

const dropIndex = (prefix: string) =>
  fetch(`${inject('openSearchUrl')}/${indexOf(prefix)}_1?ignore_unavailable=true`, { method: 'DELETE' });

const DIMENSION = 16;

/** Texts that share words have vectors that point the same way. */
function embedded(text: string): number[] {
  const vector = new Array<number>(DIMENSION).fill(0);
  for (const term of terms(text)) {
    let hash = 7;
    for (const character of term) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_009;
    vector[hash % DIMENSION] = (vector[hash % DIMENSION] ?? 0) + 1;
  }
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

describe('the product on MariaDB and OpenSearch', () => {
  const prefix = newPrefix();
  let embeddings: ModelServer;
  let rig: Rig;

  beforeAll(async () => {
    embeddings = await startModelServer(({ body }) =>
      embeddingReply([body['input']].flat().map((text) => embedded(String(text)))),
    );
    const settings = {
      ...(await settingsOn(prefix, await newDatabase())),
      MEMOBASE_EMBEDDING_BASE_URL: embeddings.baseUrl,
      MEMOBASE_EMBEDDING_DIM: String(DIMENSION),
    };
    const migrated = await runScript('migrate.ts', settings);
    expect(migrated.stderr).toBe('');
    expect(migrated.stdout).toContain(`PUT /${indexOf(prefix)}_1;`);
    expect((await runScript('migrate.ts', settings)).stdout).toMatch(/^Nothing to do/);
    rig = await startRig(settings);
  });
  afterAll(async () => {
    await rig.close();
    await embeddings.close();
    await dropIndex(prefix);
  });

  async function remember(...contents: string[]): Promise<string> {
    const { body } = await rig.call('POST', '/users', {});
    const user = (body.data as { id: string }).id;
    await rig.call('POST', `/blobs/insert/${user}`, chat(...contents));
    const flushed = await rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);
    expect(flushed.body.errno).toBe(0);
    return user;
  }

  const contextOf = async (user: string, question: string): Promise<string> => {
    const chats = encodeURIComponent(JSON.stringify([{ role: 'user', content: question }]));
    const answer = await rig.call('GET', `/users/context/${user}?max_token_size=300&chats_str=${chats}`);
    return (answer.body.data as { context: string }).context;
  };

  test('what was flushed is found at once, in both languages, words and vectors in the index', async () => {
    const user = await remember('我最喜欢在周末弹吉他，特别是爵士乐');

    expect(await contextOf(user, '周末做什么好？')).toMatch(/吉他/);

    const documents = (await indexed(prefix)).filter((document) => document['user_key'] === user);
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) {
      const [field = ''] = Object.keys(document).filter((name) => name.startsWith('vector_16_'));
      expect(document[field]).toHaveLength(DIMENSION);
      expect(String(document['tokens']).split(' ')).toContain('吉他');
    }
  });

  test('a deleted user leaves nothing in the index', async () => {
    const user = await remember('I love hiking in the mountains.');
    expect((await indexed(prefix)).some((document) => document['user_key'] === user)).toBe(true);

    await rig.call('DELETE', `/users/${user}`);

    expect((await indexed(prefix)).some((document) => document['user_key'] === user)).toBe(false);
  });

  test('without its index, memory is still read', async () => {
    const user = await remember('I love hiking in the mountains.');
    await dropIndex(prefix);
    expect(await contextOf(user, 'What do I love?')).toContain('hiking');
  });
});

describe('npm run migrate says in one line what is wrong with the search service', () => {
  const prefix = newPrefix();
  let settings: Record<string, string> = {};
  beforeAll(async () => {
    settings = await settingsOn(prefix, await newDatabase());
    expect((await runScript('migrate.ts', settings)).code).toBe(0);
  });
  afterAll(() => dropIndex(prefix));

  async function refused(changes: Record<string, string>, line: string | RegExp): Promise<void> {
    const { code, stdout, stderr } = await runScript('migrate.ts', { ...settings, ...changes });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  }

  test('with the port', () =>
    refused(
      { MEMOBASE_OPENSEARCH_URL: 'http://127.0.0.1:9' },
      'The search service at http://127.0.0.1:9 does not answer (connect ECONNREFUSED 127.0.0.1:9). Check opensearch_url.',
    ));

  test('with the host', () =>
    refused(
      { MEMOBASE_OPENSEARCH_URL: 'http://nowhere.invalid:9200' },
      /nowhere\.invalid:9200 does not answer .*Check opensearch_url/,
    ));

  test('with TLS', () =>
    refused(
      { MEMOBASE_OPENSEARCH_URL: inject('openSearchUrl').replace('http:', 'https:') },
      /does not answer .*Check opensearch_url/,
    ));

  test('with the password', async () => {
    const server = await startRecordingServer({ status: 401, body: 'Unauthorized' });
    await refused(
      {
        MEMOBASE_OPENSEARCH_URL: server.url,
        MEMOBASE_OPENSEARCH_USERNAME: 'writer',
        MEMOBASE_OPENSEARCH_PASSWORD: 'wrong',
      },
      /refuses the user writer \(401\)\. Check opensearch_username and opensearch_password/,
    );
    await server.close();
  });

  test('with the kind of search', () =>
    refused(
      { MEMOBASE_SEARCH: 'sqlite' },
      'search sqlite works with store sqlite only, and store is mysql. Set search to opensearch or scan.',
    ));

  test('and plans without changing anything', async () => {
    const other = newPrefix();
    const planned = await runScript(
      'migrate.ts',
      { ...settings, MEMOBASE_OPENSEARCH_INDEX_PREFIX: other },
      '--dry-run',
    );
    expect(planned.stdout).toContain(`PUT /${indexOf(other)}_1;`);
    const found = await fetch(`${inject('openSearchUrl')}/${indexOf(other)}`);
    expect(found.status).toBe(404);
  });
});
