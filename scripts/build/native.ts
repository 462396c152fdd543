import { copyFileSync, linkSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

/** What Function Compute's Node runtimes load: x86-64 Linux with glibc. */
const DEPLOYED_TARGET = 'linux-x64-gnu';

/** Where npm put the packages of this repository. */
const MODULES = join(import.meta.dirname, '../../node_modules');

interface PlacedFile {
  readonly from: string;
  /** Relative to the function's folder. */
  readonly to: string;
}

/**
 * Puts the binaries a bundle needs beside it: SQLite's add-on and the tokenizer's WebAssembly, each only where the
 * bundle contains the package that loads it.
 *
 * @param placed what earlier functions of the same build placed, by source; extended here
 * @returns bytes added to the folder
 */
export function placeBinaries(metafile: Metafile, folder: string, placed: Map<string, string>): number {
  const inputs = Object.keys(metafile.inputs);
  const files = [...sqliteFiles(inputs), ...tokenizerFiles(inputs)];
  return files.reduce((bytes, { from, to }) => bytes + place(from, join(folder, to), placed), 0);
}

/** The JavaScript of `libsql` is bundled; it asks for its binary by package name at run time. */
function sqliteFiles(inputs: readonly string[]): PlacedFile[] {
  if (!inputs.some((input) => input.endsWith('node_modules/libsql/index.js'))) return [];
  return readdirSync(join(MODULES, '@libsql'))
    .filter((target) => target === DEPLOYED_TARGET || loadsHere(target))
    .flatMap((target) => ['package.json', 'index.node'].map((file) => join('@libsql', target, file)))
    .map((file) => ({ from: join(MODULES, file), to: join('node_modules', file) }));
}

/** On Linux npm installs the glibc and the musl build side by side; only one of them loads. */
function loadsHere(target: string): boolean {
  if (!target.startsWith(`${process.platform}-${process.arch}`)) return false;
  return process.platform !== 'linux' || target.includes('musl') !== usesGlibc();
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

/** The loader of `tiktoken` reads its WebAssembly from the folder of the code that runs it. */
function tokenizerFiles(inputs: readonly string[]): PlacedFile[] {
  return inputs
    .filter((input) => input.endsWith('/tiktoken_bg.cjs'))
    .map((input) => input.slice(input.indexOf('node_modules/') + 'node_modules/'.length))
    .map((input) => ({ from: join(MODULES, dirname(input), 'tiktoken_bg.wasm'), to: 'tiktoken_bg.wasm' }));
}

/**
 * Links where the file system allows it. All functions then share one inode with each other and with the repository's
 * own copy, so a process that loads several of them still has one SQLite. Two would silently drop each other's file
 * locks (POSIX releases a process's locks on a file as soon as any of its descriptors for it is closed).
 */
function place(from: string, to: string, placed: Map<string, string>): number {
  mkdirSync(dirname(to), { recursive: true });
  const source = placed.get(from) ?? from;
  try {
    linkSync(source, to);
  } catch {
    copyFileSync(source, to);
  }
  placed.set(from, to);
  return statSync(to).size;
}
