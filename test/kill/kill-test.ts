import { createRandom } from '../simulation/random.ts';
import { openInspection } from './inspection.ts';
import { drawBursts, drawUsers } from './messages.ts';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import { createStorm, type StormSettings } from './storm.ts';
import { type Counted, createTally } from './tally.ts';
import { createUsers, settle, type TrafficWorld, talk } from './traffic.ts';
import { judge, type Verdict } from './verdict.ts';

export interface KillTestOptions extends PlatformOptions, StormSettings {
  /** Each user says one more at the end. */
  readonly messages: number;
  readonly users: number;
  /** Requests under way at a time. */
  readonly clients: number;
  readonly seed: number;
  readonly onProgress?: ((counts: KillTestReport['counts']) => void) | undefined;
}

export interface KillTestReport {
  readonly counts: Readonly<Record<Counted, number>>;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const PROGRESS_MS = 5_000;

/**
 * Worker processes with the built functions over one store, killed and frozen while clients talk to them; then the
 * store is held against what was acknowledged.
 */
export async function runKillTest(options: KillTestOptions): Promise<KillTestReport> {
  const startedMs = Date.now();
  const random = createRandom(options.seed);
  const tally = createTally();
  const complaints: string[] = [];
  const complain = (what: string): void => {
    complaints.push(what);
  };
  const platform = await startPlatform(options, { random, tally, complain });
  const progress = setInterval(() => options.onProgress?.(tally.all()), PROGRESS_MS);
  try {
    const verdict = await play(options, platform, { fleet: platform.fleet, random, tally, complain });
    const broken = [...verdict.broken, ...complaints];
    const seconds = (Date.now() - startedMs) / 1_000;
    return { counts: tally.all(), verdict: { ...verdict, broken }, seconds };
  } finally {
    clearInterval(progress);
    await platform.close();
  }
}

async function play(options: KillTestOptions, platform: Platform, world: TrafficWorld): Promise<Verdict> {
  const { clients, messages } = options;
  const { fleet, queue, model, env } = platform;
  const users = drawUsers(options.users);
  await createUsers(users, clients, world);
  const inspection = await openInspection(env);
  try {
    const before = new Set((await inspection.receipts()).map(({ batchId }) => batchId));
    const storm = createStorm(fleet, world.random, options);
    const bursts = drawBursts(messages, users, world.random);
    const acknowledged = await talk(bursts, clients, storm.acknowledged, world);
    storm.end();
    model.calm();
    await fleet.calm();
    await queue.idle();
    acknowledged.push(...(await settle(users, messages, clients, world)));
    await queue.idle();
    await fleet.stop();
    return await judge(acknowledged, users, before, inspection);
  } finally {
    await inspection.close();
  }
}
