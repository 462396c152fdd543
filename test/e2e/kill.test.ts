import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chatReply, startModelServer } from '../support/model-server.ts';
import { chat, client, type Rig } from './rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'memobase-kill-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start` in a process of its own. */
async function startServer(modelUrl: string): Promise<{ child: ChildProcess; rig: Pick<Rig, 'call'> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts', '--port', '0'], {
    env: {
      ...process.env,
      MEMOBASE_SQLITE_PATH: join(folder, 'memory.db'),
      MEMOBASE_LLM_BASE_URL: modelUrl,
      MEMOBASE_LLM_API_KEY: 'none',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    const url = /lindorm-memobase on (\S+)/.exec(printed)?.[1];
    if (url !== undefined) return { child, rig: client({ url, token: 'secret' }) };
  }
  throw new Error(`the server did not start: ${printed}`);
}

const ANSWER = JSON.stringify({
  entries: [
    {
      text: 'The user plays the cello.',
      kind: 'fact',
      mentioned_on: '2026-01-01',
      happened_from: null,
      happened_to: null,
    },
  ],
  facts: [{ topic: 'interest', sub_topic: 'music', memo: 'Plays the cello' }],
  tags: [],
});

test('a server killed while a flush runs has the memory once after it is started again', async () => {
  let reached = (): void => {};
  const called = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let calls = 0;
  const model = await startModelServer(() => {
    calls += 1;
    if (calls > 1) return chatReply(ANSWER);
    reached();
    return { fault: 'request' };
  });
  const first = await startServer(model.baseUrl);
  const { body } = await first.rig.call('POST', '/users', {});
  const { id } = body.data as { id: string };
  await first.rig.call('POST', `/blobs/insert/${id}`, chat('I play the cello.'));
  const lost = first.rig.call('POST', `/users/buffer/${id}/chat?wait_process=true`).catch(() => 'cut off');
  await called;
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  expect(await lost).toBe('cut off');

  const second = await startServer(model.baseUrl);
  const flushed = await second.rig.call('POST', `/users/buffer/${id}/chat?wait_process=true`);
  expect(flushed.body).toMatchObject({ errno: 0, data: [{ event_id: expect.any(String) }] });
  const again = await second.rig.call('POST', `/users/buffer/${id}/chat?wait_process=true`);
  expect(again.body.data).toEqual([]);
  const profile = await second.rig.call('GET', `/users/profile/${id}`);
  expect(profile.body.data).toMatchObject({ profiles: [{ content: 'Plays the cello' }] });
  const events = await second.rig.call('GET', `/users/event/${id}`);
  expect((events.body.data as { events: unknown[] }).events).toHaveLength(1);
  await model.close();
});
