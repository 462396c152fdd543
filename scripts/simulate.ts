import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { runSeed } from '../test/simulation/run.ts';
import { addAll, createStats, type Stats } from '../test/simulation/stats.ts';

const USAGE = 'usage: npm run simulate -- [--seeds N] [--from N] [--jobs N] | --seed N [--trace]';

interface Share {
  readonly failed: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly stats: ReturnType<Stats['all']>;
  readonly last: boolean;
}

/** Seeds a child runs between two reports. */
const REPORT_EVERY = 100;
const MAX_FAILURES_SHOWN = 10;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    step: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  console.error(`--${name} is ${text}, expected a whole number.\n${USAGE}`);
  process.exit(2);
}

/** Runs one seed again and prints what it did. */
async function replay(seed: number, trace: boolean): Promise<void> {
  const result = await runSeed(seed, { trace });
  for (const line of result.trace) console.log(line);
  for (const violation of result.violations) console.log(`seed ${seed}: ${violation}`);
  console.log(result.violations.length === 0 ? `seed ${seed}: every promise kept` : `seed ${seed}: FAILED`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
}

/** A child's share: every `step`-th seed. */
async function runShare(from: number, to: number, step: number): Promise<void> {
  let stats = createStats();
  let failed: Share['failed'][number][] = [];
  const report = (last: boolean): void => {
    process.send?.({ failed, stats: stats.all(), last } satisfies Share);
    stats = createStats();
    failed = [];
  };
  let done = 0;
  for (let seed = from; seed < to; seed += step) {
    const result = await runSeed(seed);
    addAll(stats, result.stats.all());
    if (result.violations.length > 0) failed.push({ seed, violations: result.violations });
    done += 1;
    if (done % REPORT_EVERY === 0) report(false);
  }
  report(true);
  process.disconnect?.();
}

async function runAll(from: number, seeds: number, jobs: number): Promise<void> {
  const startedMs = Date.now();
  const totals = createStats();
  const failed: Share['failed'][number][] = [];
  const file = new URL(import.meta.url).pathname;
  const share = (job: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const args = ['--from', String(from + job), '--seeds', String(seeds - job), '--step', String(jobs)];
      const child = fork(file, args, { env: { ...process.env, SIMULATION_SHARE: '1' } });
      let ended = false;
      child.on('message', (message) => {
        const report = message as Share;
        addAll(totals, report.stats);
        failed.push(...report.failed);
        for (const { seed, violations } of report.failed) console.log(`seed ${seed}: ${violations[0]}`);
        ended = report.last;
        const { seeds: done } = totals.all();
        const rate = (done / ((Date.now() - startedMs) / 1_000)).toFixed(0);
        console.log(`${done} of ${seeds} seeds, ${rate} a second, ${failed.length} failed`);
      });
      child.on('exit', (code) =>
        ended ? resolve() : reject(new Error(`a job ended early with code ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: jobs }, (_, job) => share(job)));
  summarize(totals, failed, (Date.now() - startedMs) / 1_000);
  await showFirst(failed);
}

function summarize(totals: Stats, failed: readonly Share['failed'][number][], seconds: number): void {
  console.log(`\nIn ${seconds.toFixed(0)} s:`);
  for (const [name, count] of Object.entries(totals.all())) console.log(`  ${name.padEnd(20)} ${count}`);
  console.log(failed.length === 0 ? 'Nothing lost, nothing twice.' : `${failed.length} seeds FAILED.`);
}

async function showFirst(failed: readonly Share['failed'][number][]): Promise<void> {
  const sorted = failed.toSorted((a, b) => a.seed - b.seed);
  for (const { seed, violations } of sorted.slice(0, MAX_FAILURES_SHOWN)) {
    console.log(`seed ${seed}: ${violations.slice(0, 3).join('\n  ')}`);
  }
  const [first] = sorted;
  if (first === undefined) return;
  console.log(`\nReplay it with: npm run simulate -- --seed ${first.seed} --trace\nIts last steps:`);
  const { trace } = await runSeed(first.seed, { trace: true });
  for (const line of trace.slice(-60)) console.log(line);
  process.exitCode = 1;
}

const from = wholeNumber('from', values.from);
const seeds = wholeNumber('seeds', values.seeds);
if (values.seed !== undefined) await replay(wholeNumber('seed', values.seed), values.trace);
else if (process.env['SIMULATION_SHARE'] === '1')
  await runShare(from, from + seeds, wholeNumber('step', values.step));
else await runAll(from, seeds, Math.max(1, wholeNumber('jobs', values.jobs)));
