import { afterEach, describe, expect, test } from 'vitest';
import { configSchema } from '../../shared/config.ts';
import { setLogLevel } from '../../shared/log.ts';
import { openStores } from '../../shared/runtime/stores.ts';
import { type RecordingServer, type Reply, startRecordingServer } from '../support/recording-server.ts';

setLogLevel('error');

let server: RecordingServer | undefined;
afterEach(() => server?.close());

const open = (settings: Record<string, unknown>) =>
  openStores(configSchema.parse({ sqlite_path: ':memory:', ...settings }), null);

async function openOn(reply: Reply | 'cut') {
  server = await startRecordingServer(reply);
  return open({ search: 'opensearch', opensearch_url: server.url });
}

describe('which search stands beside the store', () => {
  test('is the embedded one by default', async () => {
    const { store, search } = await open({});
    const ann = { projectId: 'shop', userId: 'ann', life: 1 };
    await search.put(ann, [{ id: 'a', text: 'guitar', createdMs: 1, vector: null }]);
    expect(await search.textSearch('guitar', { scope: ann, sinceMs: 0, limit: 1 })).toHaveLength(1);
    await store.close();
  });

  test('cannot be one that another store fills', async () => {
    await expect(open({ search: 'lindorm' })).rejects.toThrow(
      'search lindorm works with store lindorm only, and store is sqlite. Set search to opensearch or scan.',
    );
  });

  test('may be out of order at the start: memory opens without it', async () => {
    const { store, search } = await openOn('cut');
    await store.close();
    await search.close();
  });

  test('has to have its index', async () => {
    const error = { type: 'index_not_found_exception', reason: 'no such index' };
    await expect(openOn({ status: 404, body: { error, status: 404 } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: 'There is no search index memobase_gists. Run npm run migrate.',
    });
  });

  test('has to accept its user', async () => {
    await expect(openOn({ status: 401, body: 'Unauthorized' })).rejects.toThrow('opensearch_password');
  });
});
