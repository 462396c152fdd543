import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { MemoryError } from '../../shared/domain/errors.ts';
import { placeBinaries } from './native.ts';

const FUNCTIONS = join(import.meta.dirname, '../../functions');

export interface BuildOptions {
  /** Emptied first. Receives one folder per function and `meta/<name>.json`, esbuild's account of each bundle. */
  readonly outDir: string;
  /** Holds one folder with an `index.ts` per function. */
  readonly functionsDir?: string;
}

export interface BuiltFunction {
  readonly name: string;
  readonly folder: string;
  readonly bundleBytes: number;
  /** Add-ons and WebAssembly placed beside the bundle. */
  readonly binaryBytes: number;
}

/**
 * Bundles every function into a CommonJS folder that runs anywhere: nothing in it is looked up outside the folder.
 * Throws `internal` when a bundle does not compile, or compiles with a warning (a lost `import.meta`, a `require` that
 * would only be found inside the repository).
 */
export async function buildFunctions({
  outDir,
  functionsDir = FUNCTIONS,
}: BuildOptions): Promise<BuiltFunction[]> {
  const names = readdirSync(functionsDir)
    .filter((name) => existsSync(join(functionsDir, name, 'index.ts')))
    .sort();
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(join(outDir, 'meta'), { recursive: true });
  const metafiles = await Promise.all(
    names.map((name) => bundle(join(functionsDir, name, 'index.ts'), join(outDir, name))),
  );
  const placed = new Map<string, string>();
  return names.map((name, index) => {
    const folder = join(outDir, name);
    const metafile = metafiles[index] as Metafile;
    writeFileSync(join(outDir, 'meta', `${name}.json`), JSON.stringify(metafile));
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
    const bundleBytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    return { name, folder, bundleBytes, binaryBytes: placeBinaries(metafile, folder, placed) };
  });
}

/** Neither minified nor mapped: line numbers in a log point into readable code, and nothing is shipped twice. */
async function bundle(entry: string, folder: string): Promise<Metafile> {
  const { metafile, warnings } = await build({
    entryPoints: [entry],
    outfile: join(folder, 'index.js'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new MemoryError('internal', `cannot bundle ${entry}: ${String(error)}`, { cause: error });
  });
  const [warning] = warnings;
  if (warning !== undefined) {
    const where = warning.location ? ` (${warning.location.file}:${warning.location.line})` : '';
    throw new MemoryError('internal', `bundling ${entry} would lose something: ${warning.text}${where}`);
  }
  return metafile;
}
