import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { builtFunctions } from '../support/built-functions.ts';
import { resetProbe } from './fixtures/probe.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
let outDir = '';

beforeAll(async () => {
  outDir = await builtFunctions(join(import.meta.dirname, 'fixtures'));
});

/** A folder with nothing above it that could help a bundle along; gone after the test. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'memobase-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Some machine's SQLite beside a bundle; which one depends on where the tests run. */
function addOnOf(folder: string): string {
  const packages = join(folder, 'node_modules/@libsql');
  return join(packages, readdirSync(packages).sort()[0] ?? '', 'index.node');
}

/** Runs code in a process of its own that stands in `folder`. Returns the JSON it prints. */
function runIn(folder: string, code: string): unknown {
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { cwd: folder, encoding: 'utf8' }));
}

test('every folder with an index.ts becomes a bundle of its own', () => {
  expect(readdirSync(outDir).sort()).toEqual(['broken-start', 'meta', 'native', 'scripted']);
  expect(readdirSync(join(outDir, 'scripted')).sort()).toEqual(['index.js', 'package.json']);
  expect(readFileSync(join(outDir, 'scripted', 'package.json'), 'utf8')).toBe('{"type":"commonjs"}\n');
});

test('a bundle with an add-on and WebAssembly runs from anywhere, with nothing but its own folder', () => {
  const folder = join(temporaryFolder(), 'code');
  cpSync(join(outDir, 'native'), folder, { recursive: true });

  const code = "require('./index.js').handler().then((result) => console.log(JSON.stringify(result)))";

  expect(runIn(folder, code)).toEqual({ total: 42, tokens: 2 });
});

test('a bundle loads no file outside its folder', () => {
  const folder = join(temporaryFolder(), 'code');
  cpSync(join(outDir, 'native'), folder, { recursive: true });

  const code = `require('./index.js').handler().then(() =>
    console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !file.startsWith(process.cwd() + '/')))))`;

  expect(runIn(folder, code)).toEqual([]);
});

test('binaries lie only beside the bundles that load them', () => {
  expect(existsSync(addOnOf(join(outDir, 'native')))).toBe(true);
  expect(existsSync(join(outDir, 'native/tiktoken_bg.wasm'))).toBe(true);
  expect(existsSync(join(outDir, 'scripted/node_modules'))).toBe(false);
  expect(existsSync(join(outDir, 'scripted/tiktoken_bg.wasm'))).toBe(false);
});

test('two functions in one process share one loaded SQLite, or they would break its file locks', async () => {
  const parent = temporaryFolder();
  const functionsDir = join(parent, 'functions');
  for (const name of ['one', 'two']) {
    mkdirSync(join(functionsDir, name), { recursive: true });
    const source = `export { openSqlite } from ${JSON.stringify(join(REPOSITORY, 'shared/adapters/sql/sqlite.ts'))};\n`;
    writeFileSync(join(functionsDir, name, 'index.ts'), source);
  }
  const [one, two] = await buildFunctions({ outDir: join(parent, 'out'), functionsDir });

  expect(statSync(addOnOf(one?.folder ?? '')).ino).toBe(statSync(addOnOf(two?.folder ?? '')).ino);
});

test('the account of a bundle names what is in it', () => {
  const meta = JSON.parse(readFileSync(join(outDir, 'meta/scripted.json'), 'utf8')) as {
    outputs: Record<string, { bytes: number }>;
  };

  const [output] = Object.values(meta.outputs);

  expect(output?.bytes).toBe(statSync(join(outDir, 'scripted/index.js')).size);
});

test('a bundle exports its handler and hooks as CommonJS', async () => {
  const probe = resetProbe();
  const loaded = createRequire(import.meta.url)(join(outDir, 'scripted/index.js')) as Record<
    string,
    () => unknown
  >;

  await loaded['initialize']?.();

  expect(Object.keys(loaded).sort()).toEqual(['handler', 'initialize', 'preStop']);
  expect(probe.initialized).toBe(1);
});

test.each([
  ['does not compile', 'export const = 1;', 'cannot bundle'],
  ['cannot be resolved', "import 'no-such-package';", 'no-such-package'],
  ['loses its own address', 'export const here = import.meta.url;', 'import.meta'],
])('code that %s stops the build', async (_case, source, message) => {
  const parent = temporaryFolder();
  mkdirSync(join(parent, 'functions/broken'), { recursive: true });
  writeFileSync(join(parent, 'functions/broken/index.ts'), source);

  const building = buildFunctions({ outDir: join(parent, 'out'), functionsDir: join(parent, 'functions') });

  await expect(building).rejects.toThrow(message);
});

test('building again leaves nothing of the last build behind', async () => {
  const parent = temporaryFolder();
  const out = join(parent, 'out');
  mkdirSync(join(out, 'removed-function'), { recursive: true });
  mkdirSync(join(parent, 'functions'));

  await buildFunctions({ outDir: out, functionsDir: join(parent, 'functions') });

  expect(readdirSync(out)).toEqual(['meta']);
});
