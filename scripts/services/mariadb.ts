import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { MemoryError } from '../../shared/domain/errors.ts';
import { programsOf } from './install.ts';

const START_MS = 30_000;

/** A MariaDB server of one's own on a loopback port, with an empty data directory. */
export interface MariaDb {
  readonly host: string;
  readonly port: number;
  /** May do anything; has no password. */
  readonly adminUser: string;
  /** PEM file of the authority that signed the server's certificate for `localhost` and 127.0.0.1. */
  readonly caFile: string;
  stop(): Promise<void>;
}

/** Installs Debian's server if there is none, starts it, and waits until it answers. */
export async function startMariaDb(): Promise<MariaDb> {
  const [server = '', prepare = ''] = programsOf('mariadb-server-core', ['mariadbd', 'mariadb-install-db']);
  const folder = mkdtempSync(join(tmpdir(), 'memobase-mariadb-'));
  const data = join(folder, 'data');
  // The server refuses to run as root unless it is told to.
  const user = ['--no-defaults', ...(process.getuid?.() === 0 ? ['--user=root'] : [])];
  run(prepare, [...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const tls = makeCertificates(folder);
  const port = await freePort();
  const child = spawn(server, [...user, ...serverArguments(folder, port, tls)], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answering(port, child, join(folder, 'log'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: '127.0.0.1', port, adminUser: 'root', caFile: tls.ca, stop };
}

function serverArguments(folder: string, port: number, tls: Certificates): string[] {
  return [
    `--datadir=${join(folder, 'data')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--log-error=${join(folder, 'log')}`,
    `--ssl-ca=${tls.ca}`,
    `--ssl-cert=${tls.cert}`,
    `--ssl-key=${tls.key}`,
    '--skip-name-resolve',
    '--max-allowed-packet=16M',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
  ];
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

async function answering(port: number, child: ChildProcess, log: string): Promise<void> {
  const giveUpMs = Date.now() + START_MS;
  for (;;) {
    try {
      const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > giveUpMs) {
        const last = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
        throw new MemoryError('internal', `MariaDB does not start:\n${last}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Paths of PEM files. */
interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate signed by an authority of its own, as a cloud database's is. */
function makeCertificates(folder: string): Certificates {
  const [openssl = ''] = programsOf('openssl', ['openssl']);
  const file = (name: string) => join(folder, name);
  const ssl = (...args: string[]) => run(openssl, args);
  const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(name)];
  ssl(
    'req',
    '-x509',
    '-days',
    '2',
    ...newKey('ca.key'),
    '-out',
    file('ca.pem'),
    '-subj',
    '/CN=memobase test authority',
  );
  ssl(
    'req',
    '-x509',
    '-days',
    '2',
    ...newKey('server.key'),
    '-out',
    file('server.pem'),
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext',
    'basicConstraints=critical,CA:FALSE',
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
  );
  return { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') };
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new MemoryError('internal', `${program} failed: ${error?.message ?? stderr.trim()}`);
}
