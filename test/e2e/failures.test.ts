import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chatReply, errorReply, type ModelServer, startModelServer } from '../support/model-server.ts';
import { chat, type Rig, startRig } from './rig.ts';

let model: ModelServer;
let rig: Rig;
/** What the model does with every request until it is told otherwise. */
let mood: 'refuses the text' | 'refuses the key' | 'answers' = 'answers';

const ANSWER = {
  entries: [],
  facts: [{ topic: 'interest', sub_topic: 'drinks', memo: 'Likes tea' }],
  tags: [],
};

beforeAll(async () => {
  model = await startModelServer(() => {
    if (mood === 'refuses the key') return errorReply(401, { message: 'Incorrect API key provided.' });
    if (mood === 'refuses the text') return chatReply('I cannot answer that.');
    return chatReply(ANSWER);
  });
  rig = await startRig({ MEMOBASE_LLM_BASE_URL: model.baseUrl, MEMOBASE_LLM_API_KEY: 'key-canary' });
});
afterAll(async () => {
  await rig.close();
  await model.close();
});

async function newUser(): Promise<string> {
  const { body } = await rig.call('POST', '/users', {});
  return (body.data as { id: string }).id;
}
const flush = (user: string) => rig.call('POST', `/users/buffer/${user}/chat?wait_process=true`);

describe('a message that cannot be extracted', () => {
  test('fails the flushes that wait for it, becomes a dead letter, and is remembered once it is retried', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('I like tea.'));
    mood = 'refuses the text';
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await flush(user)).toMatchObject({ status: 200, body: { data: null, errno: 520 } });
    }
    expect((await flush(user)).body).toMatchObject({ errno: 0, data: [] });
    const { body } = await rig.call('GET', `/users/dead_letters/${user}`);
    const [letter] = (body.data as { dead_letters: { id: string; error: string; attempts: number }[] })
      .dead_letters;
    expect(letter).toMatchObject({ attempts: 3, error: expect.stringMatching(/^llm_output_invalid: /) });

    mood = 'answers';
    const retried = await rig.call('POST', `/users/dead_letters/${user}/${letter?.id}`);
    expect(retried.body).toMatchObject({ errno: 0, data: { blob_ids: [expect.any(String)] } });
    expect((await rig.call('POST', `/users/dead_letters/${user}/${letter?.id}`)).body).toEqual(retried.body);
    await flush(user);
    expect((await rig.call('GET', `/users/profile/${user}`)).body.data).toMatchObject({
      profiles: [{ content: 'Likes tea' }],
    });
    expect((await rig.call('GET', `/users/dead_letters/${user}`)).body.data).toEqual({ dead_letters: [] });
    const discard = await rig.call('DELETE', `/users/dead_letters/${user}/${letter?.id}`);
    expect(discard.body.errno).toBe(409);
    expect((await rig.call('DELETE', `/users/dead_letters/${user}/nothing`)).body.errno).toBe(404);
  });

  test('does not count while only an operator can help: extraction pauses and says why, without the key', async () => {
    const user = await newUser();
    await rig.call('POST', `/blobs/insert/${user}`, chat('I like tea.'));
    mood = 'refuses the key';
    expect((await flush(user)).body).toMatchObject({ errno: 503 });
    mood = 'answers';
    const paused = await flush(user);
    expect(paused.body).toMatchObject({ data: null, errno: 503, errmsg: expect.stringMatching(/paused/) });
    expect(paused.body.errmsg).not.toContain('canary');
    const idle = await rig.call('GET', `/users/buffer/capacity/${user}/chat?status=idle`);
    expect((idle.body.data as { ids: string[] }).ids).toHaveLength(1);
    expect((await rig.call('GET', `/users/dead_letters/${user}`)).body.data).toEqual({ dead_letters: [] });
  });
});
