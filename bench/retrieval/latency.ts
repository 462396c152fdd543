import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Measured, Task } from './latency/worker.ts';
import { quantile } from './summary.ts';

const USAGE = `npx tsx bench/retrieval/latency.ts [OPTIONS]

Times the context of one user with many gists on the embedded store, in process, against its parts:
the profile's row, the embedding (hashed words, no service) and the two searches.

  --gists N      gists of the measured user (default 5000)
  --users N,...  users in the database (default 10,1000,100000)
  --others N     gists of every other user (default 3)
  --dim N        length of the vectors (default 384)
  --reads N      contexts per measurement (default 200)
  --help         this text`;

/** Users one process writes: SQLite's driver keeps memory for every statement it ever prepared. */
const USERS_PER_PROCESS = 10_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      gists: { type: 'string', default: '5000' },
      users: { type: 'string', default: '10,1000,100000' },
      others: { type: 'string', default: '3' },
      dim: { type: 'string', default: '384' },
      reads: { type: 'string', default: '200' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const dimension = Number(values.dim);
  const folder = mkdtempSync(join(tmpdir(), 'memobase-latency-'));
  const path = join(folder, 'memory.db');
  try {
    perform({ kind: 'fill', path, dimension, from: 1, to: 1, gists: Number(values.gists) });
    console.log(`${values.gists} gists of the user, ${dimension} dimensions; milliseconds p50 / p95`);
    console.log(HEADINGS);
    let stored = 1;
    for (const users of values.users.split(',').map(Number)) {
      for (let from = stored + 1; from <= users; from += USERS_PER_PROCESS) {
        const to = Math.min(users, from + USERS_PER_PROCESS - 1);
        perform({ kind: 'fill', path, dimension, from, to, gists: Number(values.others) });
      }
      stored = users;
      const measured = perform({ kind: 'measure', path, dimension, reads: Number(values.reads) });
      console.log(line(users, statSync(path).size, JSON.parse(measured) as Measured));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, so that memory is what this task alone needs. Gives back what it printed. */
function perform(task: Task): string {
  const worker = join(import.meta.dirname, 'latency', 'worker.ts');
  const loader = import.meta.resolve('tsx');
  const { status, stdout } = spawnSync(process.execPath, ['--import', loader, worker, JSON.stringify(task)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 2 ** 20,
  });
  if (status === 0) return stdout;
  throw new MemoryError('internal', `The process that should ${task.kind} ended with ${status}; see above.`);
}

const COLUMNS = ['context', 'row', 'embedding', 'searches', 'added'] as const;
const HEADINGS = ['   users', ...COLUMNS.map((name) => name.padStart(15)), ' file MB', '  RSS MB'].join(' ');

function line(users: number, bytes: number, { timings, rssBytes }: Measured): string {
  const cells = COLUMNS.map((name) =>
    `${quantile(timings[name], 0.5).toFixed(2)} / ${quantile(timings[name], 0.95).toFixed(2)}`.padStart(15),
  );
  const megabytes = [bytes, rssBytes].map((value) => (value / 2 ** 20).toFixed(0).padStart(8));
  return [String(users).padStart(8), ...cells, ...megabytes].join(' ');
}

await main();
