import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

async function newUser(): Promise<string> {
  const { body } = await rig.call('POST', '/users', { data: { from: 'test' } });
  return (body.data as { id: string }).id;
}

const flush = (user: string) => rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);

describe('a conversation becomes memory', () => {
  test('a Chinese statement gives a Chinese profile entry, and the context for a question names it', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('我最喜欢在周末弹吉他，特别是爵士乐'));
    const flushed = await flush(user);
    expect(flushed.body).toMatchObject({
      errno: 0,
      errmsg: '',
      data: [{ add_profiles: [expect.any(String)] }],
    });

    const { body } = await rig.call('GET', `/users/profile/${user}`);
    expect(body.data).toMatchObject({
      profiles: [
        {
          content: expect.stringMatching(/吉他.*爵士乐/),
          attributes: { topic: '兴趣爱好', sub_topic: '音乐', update_hits: 1 },
        },
      ],
    });
    const chats = encodeURIComponent(JSON.stringify([{ role: 'user', content: '周末做什么好？' }]));
    const context = await rig.call('GET', `/users/context/${user}?max_token_size=300&chats_str=${chats}`);
    expect((context.body.data as { context: string }).context).toMatch(/吉他/);
  });

  test('a flush makes one event whose tip, delta and tags have the protocol’s shapes', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, {
      blob_type: 'chat',
      blob_data: {
        messages: [{ role: 'user', content: 'I moved to Berlin yesterday.', created_at: '2024-01-01' }],
      },
    });
    await flush(user);
    const { body } = await rig.call('GET', `/users/event/${user}`);
    const { events, gists } = body.data as { events: Record<string, unknown>[]; gists: unknown[] };
    expect(gists).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      similarity: null,
      event_data: {
        event_tip: '- User moved to Berlin on 2023-12-31. [mentioned 2024-01-01; happened 2023-12-31]',
        event_tags: null,
        profile_delta: [
          { content: 'Berlin', attributes: { topic: 'contact_info', sub_topic: 'city' } },
          {
            content: 'Moved to Berlin on 2023-12-31',
            attributes: { topic: 'life_event', sub_topic: 'relocation' },
          },
        ],
      },
    });
  });

  test('the same fact from two flushes stands once in the profile', async () => {
    const user = await newUser();
    for (let round = 0; round < 2; round += 1) {
      await rig.call('POST', `/blobs/insert/${user}`, chat('I love hiking in the mountains.'));
      await flush(user);
    }
    const { body } = await rig.call('GET', `/users/profile/${user}`);
    const { profiles } = body.data as { profiles: { content: string }[] };
    expect(profiles).toHaveLength(1);
    expect(profiles[0]?.content.match(/hiking/g)).toHaveLength(1);
  });

  test('a full buffer is extracted without a flush', async () => {
    const user = await newUser();
    const long = Array.from(
      { length: 60 },
      (_, n) => `On day ${n} I walked along the river and thought about my work.`,
    );
    const { body } = await rig.call(
      'POST',
      `/blobs/insert/${user}?wait_process=true`,
      chat('I like tea.', ...long),
    );
    expect((body.data as { chat_results: unknown[] }).chat_results).toHaveLength(1);
    const idle = await rig.call('GET', `/users/buffer/capacity/${user}/chat?status=idle`);
    expect(idle.body.data).toEqual({ ids: [] });
  });

  test('a repeated insert with the same Idempotency-Key is buffered once, another content is a conflict', async () => {
    const user = await newUser();
    const key = { 'idempotency-key': 'turn-1' };
    const first = await rig.call('POST', `/blobs/insert/${user}`, chat('I like tea.'), key);
    const again = await rig.call('POST', `/blobs/insert/${user}`, chat('I like tea.'), key);
    expect(again.body).toEqual(first.body);
    const other = await rig.call('POST', `/blobs/insert/${user}`, chat('I like coffee.'), key);
    expect(other).toMatchObject({ status: 200, body: { data: null, errno: 409 } });
    await flush(user);
    const late = await rig.call('POST', `/blobs/insert/${user}`, chat('I like tea.'), key);
    expect(late.body).toEqual(first.body);
    const idle = await rig.call('GET', `/users/buffer/capacity/${user}/chat?status=idle`);
    expect(idle.body.data).toEqual({ ids: [] });
  });

  test('a deleted user is gone at once and can be created anew, empty', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('My name is Mia and I live in Rome.'));
    await flush(user);
    expect((await rig.call('DELETE', `/users/${user}`)).body.errno).toBe(0);
    expect((await rig.call('GET', `/users/${user}`)).body.errno).toBe(404);
    expect((await rig.call('DELETE', `/users/${user}`)).body.errno).toBe(404);
    expect((await rig.call('POST', '/users', { id: user })).body.errno).toBe(0);
    expect((await rig.call('GET', `/users/profile/${user}`)).body.data).toEqual({ profiles: [] });
    expect((await rig.call('GET', `/users/event/${user}`)).body.data).toEqual({ events: [], gists: [] });
  });
});
