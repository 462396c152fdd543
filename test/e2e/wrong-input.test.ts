import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat, type Rig, startRig } from './rig.ts';

let rig: Rig;
let user: string;
beforeAll(async () => {
  rig = await startRig();
  const { body } = await rig.call('POST', '/users', {});
  user = (body.data as { id: string }).id;
});
afterAll(() => rig.close());

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const insert = (body: unknown) => rig.call('POST', `/blobs/insert/${user}`, body);

async function nothingStored(): Promise<void> {
  const idle = await rig.call('GET', `/users/buffer/capacity/${user}/chat?status=idle`);
  expect(idle.body.data).toEqual({ ids: [] });
}

describe('wrong input is answered in the protocol’s form and stores nothing', () => {
  test('a missing, malformed or wrong token is status 401 with the envelope, also on unknown paths', async () => {
    for (const authorization of ['', 'Bearer', 'bearer secret', 'Bearer wrong', 'Basic secret']) {
      const answer = await rig.call('POST', '/users', {}, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { data: null, errno: 401 } });
    }
    expect((await rig.call('GET', '/nowhere', undefined, { authorization: '' })).status).toBe(401);
  });

  test('only the first word behind "Bearer " counts as the token', async () => {
    const answer = await rig.call('GET', `/users/${UNKNOWN}`, undefined, {
      authorization: 'Bearer secret extra',
    });
    expect(answer.status).toBe(200);
  });

  test('the health check needs no token', async () => {
    const answer = await rig.call('GET', '/healthcheck', undefined, { authorization: '' });
    expect(answer).toEqual({ status: 200, body: { data: null, errno: 0, errmsg: '' } });
  });

  test('an unknown path is 404 and a known path with another method 405', async () => {
    expect(await rig.call('GET', '/nowhere')).toEqual({ status: 404, body: { detail: 'Not Found' } });
    expect(await rig.call('POST', `/users/profile/${user}/x/y`)).toMatchObject({ status: 404 });
    expect(await rig.call('GET', '/users')).toEqual({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect(await rig.call('DELETE', `/blobs/insert/${user}`)).toEqual({
      status: 405,
      body: { detail: 'Method Not Allowed' },
    });
  });

  test('an unknown user is errno 404 on reads of the user and on writes, and empty on reads of memory', async () => {
    for (const [method, path, body] of [
      ['GET', `/users/${UNKNOWN}`, undefined],
      ['PUT', `/users/${UNKNOWN}`, {}],
      ['DELETE', `/users/${UNKNOWN}`, undefined],
      ['POST', `/blobs/insert/${UNKNOWN}`, chat('hello')],
    ] as const) {
      const answer = await rig.call(method, path, body);
      expect(answer).toMatchObject({ status: 200, body: { data: null, errno: 404 } });
    }
    expect((await rig.call('GET', `/users/profile/${UNKNOWN}`)).body).toMatchObject({
      errno: 0,
      data: { profiles: [] },
    });
    expect((await rig.call('GET', `/users/event/${UNKNOWN}`)).body).toMatchObject({
      errno: 0,
      data: { events: [] },
    });
    const flushed = await rig.call('POST', `/users/buffer/${UNKNOWN}/chat?wait_process=true`);
    expect(flushed.body).toEqual({ data: [], errno: 0, errmsg: '' });
    const context = await rig.call('GET', `/users/context/${UNKNOWN}`);
    expect((context.body.data as { context: string }).context).toContain('## Past Events:');
  });

  test('an id that is no UUID of version 4 or 5 is a 422 that names the place', async () => {
    for (const id of [
      'fake',
      '00000000-0000-0000-0000-000000000000',
      '11111111-1111-1111-8111-111111111111',
    ]) {
      const answer = await rig.call('GET', `/users/${id}`);
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['path', 'user_id'] }] } });
    }
  });

  test('a UUID is accepted in any usual spelling', async () => {
    const answer = await rig.call('GET', `/users/${user.replaceAll('-', '').toUpperCase()}`);
    expect(answer).toMatchObject({ status: 200, body: { errno: 0 } });
  });

  test('malformed JSON, an empty body and a text body are 422', async () => {
    expect((await insert('{"blob_type":')).status).toBe(422);
    expect((await insert(undefined)).status).toBe(422);
    const text = await rig.call('POST', `/blobs/insert/${user}`, '{}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(422);
    await nothingStored();
  });

  test('an unknown blob type is 422; one that cannot be stored, or data that does not fit, is errno 400', async () => {
    expect((await insert({ blob_type: 'video', blob_data: {} })).status).toBe(422);
    for (const body of [
      { blob_type: 'image', blob_data: { url: 'x' } },
      { blob_type: 'chat', blob_data: { text: 'hello' } },
      { blob_type: 'chat', blob_data: { messages: [{ role: 'robot', content: 'x' }] } },
      { blob_type: 'chat', blob_data: { type: 'doc', messages: [] } },
    ]) {
      expect(await insert(body)).toMatchObject({ status: 200, body: { data: null, errno: 400 } });
    }
    await nothingStored();
  });

  test('a 5 MB message is refused with the limit and the way out', async () => {
    const answer = await insert(chat('x'.repeat(5_000_000)));
    expect(answer).toMatchObject({ status: 200, body: { data: null, errno: 413 } });
    expect(answer.body.errmsg).toContain('at most 1000000 are accepted');
    await nothingStored();
  });

  test('creating a user twice is errno 409 and keeps the first', async () => {
    const id = '22222222-2222-4222-8222-222222222222';
    await rig.call('POST', '/users', { id, data: { n: 1 } });
    expect((await rig.call('POST', '/users', { id, data: { n: 2 } })).body.errno).toBe(409);
    expect((await rig.call('GET', `/users/${id}`)).body.data).toMatchObject({ data: { n: 1 }, id: null });
  });

  test('wrong query parameters: a type is 422, a value the code checks is errno 400', async () => {
    expect((await rig.call('POST', `/users/buffer/${user}/chat?wait_process=maybe`)).status).toBe(422);
    expect((await rig.call('GET', `/users/context/${user}?max_token_size=many`)).status).toBe(422);
    for (const query of [
      'chats_str=%5B',
      'topic_limits_json=%5B%5D',
      'profile_event_ratio=0',
      'max_token_size=-1',
    ]) {
      const answer = await rig.call('GET', `/users/context/${user}?${query}`);
      expect(answer).toMatchObject({ status: 200, body: { data: null, errno: 400 } });
    }
  });
});
