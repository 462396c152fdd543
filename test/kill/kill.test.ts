import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runKillTest } from './kill-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'memobase-kill-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('nothing acknowledged is lost or doubled while workers are killed and frozen', async () => {
  const { verdict, counts } = await runKillTest({
    messages: 120,
    users: 6,
    workers: 2,
    clients: 6,
    seed: 1,
    messagesPerKill: 30,
    messagesPerFreeze: 60,
    freezeMs: [300, 1_000],
    longFreezeMs: null,
    tickMs: 1_000,
    folder,
    store: { MEMOBASE_SQLITE_PATH: join(folder, 'memory.db') },
  });
  expect(verdict.broken).toEqual([]);
  expect(verdict).toMatchObject({ lost: 0, doubled: 0 });
  expect(counts.messages).toBe(126);
}, 240_000);
