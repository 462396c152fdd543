import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runKillTest } from '../kill/kill-test.ts';
import { newDatabase, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'memobase-kill-mariadb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('on MariaDB, too, nothing acknowledged is lost or doubled while workers are killed and frozen', async () => {
  const store = settingsFor(await newDatabase());
  expect((await runScript('migrate.ts', store)).code).toBe(0);
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
    store,
  });
  expect(verdict.broken).toEqual([]);
  expect(verdict).toMatchObject({ lost: 0, doubled: 0 });
  expect(counts.messages).toBe(126);
}, 240_000);
