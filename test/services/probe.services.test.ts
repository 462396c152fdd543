import { expect, test } from 'vitest';
import { admin, newDatabase, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

test('the probe prints a verdict for each question, finds MariaDB as expected, and leaves nothing behind', async () => {
  const database = await newDatabase();
  // A port on which nothing listens.
  const settings = {
    ...settingsFor(database),
    MEMOBASE_LINDORM_SEARCH_HOST: '127.0.0.1',
    MEMOBASE_LINDORM_SEARCH_PORT: '1',
  };
  const { code, stdout, stderr } = await runScript('probe.ts', settings);
  expect(stderr).toBe('');
  expect(stdout).not.toContain('differs  ');
  expect(stdout).toContain('Nothing differs.');
  expect(stdout).toContain('has one winner of 50, and all read the same one back: 1 different owners');
  expect(stdout).toContain('conditional UPDATE: affectedRows is 1, then 0: 1, then 0');
  expect(stdout.match(/^(holds|noted) /gm)?.length).toBe(19);
  expect(stdout.match(/not asked: no search engine answers at 127\.0\.0\.1:1$/gm)?.length).toBe(12);
  expect(code).toBe(0);
  expect(await admin(`SHOW TABLES FROM ${database}`)).toEqual([]);
});

test('the probe of a server that is no Lindorm ends with what it said', async () => {
  // MariaDB does not know Lindorm's words.
  const { code, stderr } = await runScript('probe.ts', settingsFor(await newDatabase(), 'lindorm'));
  expect(stderr).toMatch(/^You have an error in your SQL syntax.*\n$/);
  expect(code).toBe(1);
});

test('the probe of the embedded store is refused', async () => {
  const { code, stderr } = await runScript('probe.ts', {});
  expect(stderr).toBe('The store is sqlite. Set store to lindorm or mysql to probe one.\n');
  expect(code).toBe(1);
});
