import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { builtFunctions } from '../support/built-functions.ts';

let outDir = '';
beforeAll(async () => {
  outDir = await builtFunctions();
});

test.each(['buffer-check', 'context', 'extract', 'ingest', 'migrate'])(
  '%s loads outside the repository and exports what is deployed',
  (name) => {
    const folder = join(outDir, name);
    const code = 'console.log(JSON.stringify(Object.keys(require("./index.js")).sort()))';

    const printed = execFileSync(process.execPath, ['-e', code], { cwd: folder, env: {}, encoding: 'utf8' });

    expect(JSON.parse(printed)).toEqual(['handler', 'initialize', 'preStop']);
  },
);
