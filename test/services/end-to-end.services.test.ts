import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, type Rig, startRig } from '../e2e/rig.ts';
import { admin, newDatabase, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

describe('the whole product on MariaDB', () => {
  let rig: Rig;
  let database = '';
  beforeAll(async () => {
    database = await newDatabase();
    const settings = settingsFor(database);
    expect((await runScript('migrate.ts', settings)).code).toBe(0);
    rig = await startRig(settings);
  });
  afterAll(() => rig.close());

  async function newUser(): Promise<string> {
    const { body } = await rig.call('POST', '/users', { data: { from: 'test' } });
    return (body.data as { id: string }).id;
  }

  const question = encodeURIComponent(JSON.stringify([{ role: 'user', content: '周末做什么好？' }]));

  test('a conversation becomes profile, timeline and context', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('我最喜欢在周末弹吉他，特别是爵士乐'));
    const flushed = await rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);
    expect(flushed.body).toMatchObject({ errno: 0, data: [{ add_profiles: [expect.any(String)] }] });

    const profile = await rig.call('GET', `/users/profile/${user}`);
    expect(profile.body.data).toMatchObject({
      profiles: [{ content: expect.stringMatching(/吉他.*爵士乐/), attributes: { topic: '兴趣爱好' } }],
    });
    const context = await rig.call('GET', `/users/context/${user}?max_token_size=300&chats_str=${question}`);
    expect((context.body.data as { context: string }).context).toMatch(/吉他/);
    expect(await admin('SELECT applied FROM memory_commits ORDER BY version DESC LIMIT 1', database)).toEqual(
      [{ applied: 1 }],
    );
  });

  test('connections killed between two requests are not noticed by the caller', async () => {
    const user = await newUser();
    const ids = await admin(`SELECT id FROM information_schema.processlist WHERE db = '${database}'`);
    expect(ids.length).toBeGreaterThan(0);
    for (const row of ids) await admin(`KILL ${row['id'] ?? row['ID']}`);
    const { status, body } = await rig.call('POST', `/blobs/insert/${user}`, chat('I live in Berlin.'));
    expect(status).toBe(200);
    expect(body.errno).toBe(0);
    const profile = await rig.call('GET', `/users/profile/${user}`);
    expect(profile.body.errno).toBe(0);
  });

  test('a deleted user leaves nothing behind', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('I love hiking in the mountains.'));
    await rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);
    await rig.call('DELETE', `/users/${user}`);
    for (const table of ['blobs', 'events', 'gists', 'dead_letters']) {
      expect(await admin(`SELECT 1 FROM ${table} WHERE user_key LIKE '${user}%'`, database)).toEqual([]);
    }
    const [tombstone] = await admin(
      `SELECT snapshot FROM memory_commits WHERE user_id = '${user}'`,
      database,
    );
    expect(String(tombstone?.['snapshot'])).not.toContain('hiking');
  });
});

test('the migration also runs as a function, next to the database', async () => {
  const database = await newDatabase();
  Object.assign(process.env, settingsFor(database), { MEMOBASE_ACCESS_TOKEN: 'secret' });
  const { handler } = await import('../../functions/migrate/index.ts');
  const invoke = (event: object) => handler(Buffer.from(JSON.stringify(event)), { requestId: 'r1' });
  const planned = await invoke({ dryRun: true });
  expect(planned.statements.length).toBeGreaterThan(9);
  expect((await invoke({})).statements).toEqual(planned.statements);
  expect((await invoke({})).statements).toEqual([]);
});
