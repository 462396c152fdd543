import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { MemoryError } from '../../shared/domain/errors.ts';

/** Where Debian keeps servers; not on every user's search path. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

/** The program's path, or null. */
export function findProgram(name: string): string | null {
  return FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null;
}

/**
 * Paths of the programs; installs the Debian package that holds them where one is missing.
 * Throws `internal` with the package's name where that is not possible.
 */
export function programsOf(packageName: string, names: readonly string[]): string[] {
  if (names.some((name) => findProgram(name) === null)) installPackage(packageName);
  return names.map((name) => {
    const path = findProgram(name);
    if (path !== null) return path;
    throw new MemoryError('internal', `${packageName} is installed, and ${name} is not there.`);
  });
}

function installPackage(packageName: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) => spawnSync('apt-get', args, { env, encoding: 'utf8' });
  const install = () => apt('install', '-y', '--no-install-recommends', packageName);
  console.log(`Installing ${packageName} ...`);
  // Without package lists, or with old ones, the first try fails.
  if (install().status === 0) return;
  apt('update');
  const { status, stderr, error } = install();
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new MemoryError(
    'internal',
    `${packageName} is not installed and apt-get cannot install it (${reason}). Install it, then try again.`,
  );
}
