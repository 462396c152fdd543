import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type KillTestReport, runKillTest } from '../test/kill/kill-test.ts';

const USAGE = `npm run kill-test [-- --messages N] [--workers N] [--clients N] [--seed N] [--store PATH]

Worker processes share one store while they are killed and frozen at random; at the end the store is held
against what was acknowledged. Exit code 1 when anything is lost or doubled.

  --messages N   messages posted (default 10000), of a user per hundred
  --workers N    processes (default 4)
  --clients N    requests under way at a time (default 16)
  --seed N       of the random choices; the machine's own timing is not repeated (default 1)
  --store PATH   SQLite file (default: a new one in a temporary folder). Another store is named by MEMOBASE_*
                 variables; MEMOBASE_STORE=sqlite, or nothing, means the file`;

const MESSAGES_PER_USER = 100;
const MAX_SHOWN = 20;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '4' },
    clients: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    store: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  console.error(`--${name} is ${text}, expected a whole number above 0.\n\n${USAGE}`);
  process.exit(2);
}

function showProgress({ messages, kills, freezes, llm_calls: calls }: KillTestReport['counts']): void {
  console.log(`${messages} messages, ${kills} kills, ${freezes} freezes, ${calls} model calls`);
}

function showReport({ counts, verdict, seconds }: KillTestReport): void {
  const { lost, doubled, batches, versions, broken } = verdict;
  console.log(`\nIn ${seconds.toFixed(0)} s:`);
  for (const [name, count] of Object.entries({ ...counts, batches, versions }))
    console.log(`  ${name.replaceAll('_', ' ').padEnd(18)} ${count}`);
  for (const line of broken.slice(0, MAX_SHOWN)) console.log(line);
  if (broken.length > MAX_SHOWN) console.log(`... and ${broken.length - MAX_SHOWN} more`);
  console.log(`\n${lost} lost, ${doubled} doubled, ${broken.length} promises broken.`);
}

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const messages = wholeNumber('messages', values.messages);
  const folder = mkdtempSync(join(tmpdir(), 'memobase-kill-test-'));
  try {
    const report = await runKillTest({
      messages,
      users: Math.max(2, Math.ceil(messages / MESSAGES_PER_USER)),
      workers: wholeNumber('workers', values.workers),
      clients: wholeNumber('clients', values.clients),
      seed: wholeNumber('seed', values.seed),
      messagesPerKill: 70,
      messagesPerFreeze: 200,
      freezeMs: [500, 4_000],
      longFreezeMs: 12_000,
      tickMs: 1_500,
      folder,
      store: { MEMOBASE_SQLITE_PATH: resolve(values.store ?? join(folder, 'memory.db')) },
      onProgress: showProgress,
    });
    showReport(report);
    process.exitCode = report.verdict.broken.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
