import { expect, inject, test } from 'vitest';
import { newDatabase, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

test('the demo does the main job on MariaDB and OpenSearch, and takes its users away again', async () => {
  const { MEMOBASE_STORE: _, ...settings } = settingsFor(await newDatabase());
  const prefix = 'test_demo';
  const demo = await runScript(
    'demo.ts',
    {
      ...settings,
      MEMOBASE_OPENSEARCH_URL: inject('openSearchUrl'),
      MEMOBASE_OPENSEARCH_INDEX_PREFIX: prefix,
    },
    '--store',
    'mysql',
    '--search',
    'opensearch',
  );
  expect(demo).toMatchObject({ code: 0, stderr: '' });
  expect(demo.stdout).toContain('store mysql');
  expect(demo.stdout).toContain('兴趣爱好 / 音乐: 最喜欢在周末弹吉他，特别是爵士乐');
  expect(demo.stdout).toContain('work / title: nurse');
  expect(demo.stdout).toMatch(/2025-12-30\n- User moved to Leeds on 2025-12-30\./);
  const response = await fetch(`${inject('openSearchUrl')}/${prefix}_gists/_count`);
  expect(await response.json()).toMatchObject({ count: 0 });
});
