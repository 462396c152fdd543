import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryError } from '../../shared/domain/errors.ts';
import { programsOf } from './install.ts';

const SOURCES = join(import.meta.dirname, 'opensearch');
const POM = join(SOURCES, 'pom.xml');
const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
const START_MS = 120_000;
const STOP_MS = 20_000;
const HEAP = '512m';

/** An OpenSearch server of one's own on a loopback port, with an empty data directory and the k-NN plugin. */
export interface OpenSearchServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Installs what is missing (a JDK, Maven, the server's jars), starts the server, and waits until it answers. */
export async function startOpenSearch(): Promise<OpenSearchServer> {
  const [java = ''] = programsOf('default-jdk-headless', ['java', 'javac']);
  const jars = installedJars();
  const home = mkdtempSync(join(tmpdir(), 'memobase-opensearch-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    java,
    [
      `-Xms${HEAP}`,
      `-Xmx${HEAP}`,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(jars, '*'),
      join(SOURCES, 'TestNode.java'),
      home,
      String(port),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      printed = (printed + text).slice(-4_000);
    });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await answering(url, child, () => printed);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** The folder with the jars the project file asks for; fetched by Maven when there is none yet. */
function installedJars(): string {
  const version = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 16);
  const folder = join(CACHE, `opensearch-${version}`);
  if (existsSync(folder)) return folder;
  const [maven = ''] = programsOf('maven', ['mvn']);
  console.log('Fetching OpenSearch from Maven Central ...');
  mkdirSync(CACHE, { recursive: true });
  const incoming = mkdtempSync(join(CACHE, 'opensearch-incoming-'));
  const { status, stdout, error } = spawnSync(
    maven,
    ['--quiet', '--batch-mode', `--file=${POM}`, 'package', `-Djars=${incoming}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    rmSync(incoming, { recursive: true, force: true });
    const reason = error?.message ?? stdout.trim().split('\n')[0];
    throw new MemoryError('internal', `Maven cannot fetch OpenSearch: ${reason}`);
  }
  // Another run may have been faster.
  if (existsSync(folder)) rmSync(incoming, { recursive: true });
  else renameSync(incoming, folder);
  return folder;
}

async function answering(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const giveUpMs = Date.now() + START_MS;
  for (;;) {
    try {
      const { ok } = await fetch(`${url}/_cluster/health?wait_for_status=green`);
      if (ok) return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > giveUpMs) {
        throw new MemoryError('internal', `OpenSearch does not start:\n${printed()}`, { cause: error });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(impatience);
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
