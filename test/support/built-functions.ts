import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { buildFunctions } from '../../scripts/build/functions.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Builds functions (the repository's own, unless told otherwise) into a folder outside the repository that lives as
 * long as the test file does.
 *
 * @returns the folder; it holds one folder per function
 */
export async function builtFunctions(functionsDir?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'memobase-functions-'));
  folders.push(folder);
  await buildFunctions({ outDir: folder, ...(functionsDir === undefined ? {} : { functionsDir }) });
  return folder;
}
