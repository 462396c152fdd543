import { join } from 'node:path';
import { toMemoryError } from '../shared/domain/errors.ts';
import { buildFunctions } from './build/functions.ts';

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} KB`;

try {
  for (const built of await buildFunctions({ outDir: join(import.meta.dirname, '../dist') })) {
    const binaries = built.binaryBytes > 0 ? ` + ${kilobytes(built.binaryBytes)} of binaries` : '';
    console.log(`${built.name.padEnd(14)} ${kilobytes(built.bundleBytes)}${binaries}`);
  }
} catch (error) {
  console.error(toMemoryError(error).message);
  process.exitCode = 1;
}
