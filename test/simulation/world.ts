import type { Deps, Log, Settings } from '../../shared/app/ports.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import type { SimulatedDatabase } from './database.ts';
import { drawWeather, type Weather } from './faults.ts';
import { createSimulatedEmbedder, createSimulatedLlm } from './llm.ts';
import { Platform } from './platform.ts';
import type { Random } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { createMemorySearch, type IndexedDocs, indexedBySqlite } from './search.ts';
import type { Stats } from './stats.ts';
import type { Story } from './story.ts';
import type { Trace } from './trace.ts';
import { createWatch, type Watch } from './watch.ts';
import { createWitness, type Witness } from './witness.ts';

/** Start of every story: a Monday at midnight, UTC. */
export const START_MS = Date.UTC(2026, 0, 5);

export interface World {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly platform: Platform;
  readonly deps: Deps;
  readonly database: SimulatedDatabase;
  readonly witness: Witness;
  readonly indexed: IndexedDocs;
  readonly stats: Stats;
  /** What no fault of the world explains. */
  readonly complaints: string[];
  /** Ends every fault. */
  calm(): void;
}

export interface WorldParts {
  readonly random: Random;
  readonly database: SimulatedDatabase;
  readonly sqliteSearch: boolean;
  readonly story: Story;
  readonly stats: Stats;
  readonly trace: Trace;
}

/** One world per seed: the use cases over the real store, everything else driven by the seed. */
export function createWorld(parts: WorldParts): World {
  const { random, database, stats, trace, story } = parts;
  let current: Weather | null = drawWeather(random, START_MS, story.horizonMs);
  // One seed in ten has no faults at all: what fails there is plainly wrong.
  if (random.chance(0.1)) current = null;
  const weather = (): Weather | null => current;
  const scheduler = new Scheduler({ startMs: START_MS, random, weather, stats, trace });
  const complaints: string[] = [];
  const witness = createWitness(database.look, scheduler, stats);
  const embedder = random.chance(0.7) ? createSimulatedEmbedder(scheduler, weather) : null;
  const watch = createWatch(database.look, scheduler, embedder !== null, complaints);
  routeStatements(parts, scheduler, witness, watch);
  setClockSteps(current, scheduler, stats);
  const memory = createMemorySearch(scheduler);
  const platform: Platform = new Platform({
    scheduler,
    random,
    weather,
    stats,
    deps: () => deps,
    complaints,
  });
  const deps: Deps = {
    store: database.store,
    search: parts.sqliteSearch ? database.search : memory.search,
    llm: createSimulatedLlm(scheduler, random, weather, story.temper, stats),
    embedder,
    slotEmbedder: embedder,
    reranker: null,
    tokenizer: async () => ({ count: (text) => Math.ceil(text.length / 4) }),
    invoker: {
      invoke: (call) => scheduler.gate('invoke', call.function, 5, async () => platform.accept(call)),
    },
    clock: () => scheduler.clock(),
    timers: {
      every: (ms, run) => scheduler.every(ms, run),
      sleep: (ms) => scheduler.gate('sleep', 'sleep', ms, async () => undefined),
    },
    randomId: () => `r${random.int(2 ** 31).toString(36)}${random.int(2 ** 31).toString(36)}`,
    settings: drawSettings(random),
    log: listen(scheduler, trace, complaints),
  };
  const indexed = parts.sqliteSearch ? indexedBySqlite(database) : memory.indexed;
  const calm = (): void => {
    current = null;
  };
  return { random, scheduler, platform, deps, database, witness, indexed, stats, complaints, calm };
}

/** Every statement waits at the gate; what it did to the database is seen before its caller knows. */
function routeStatements(parts: WorldParts, scheduler: Scheduler, witness: Witness, watch: Watch): void {
  const { database, trace } = parts;
  database.route((sql, params, perform) => {
    const kind = sql.startsWith('SELECT') ? 'read' : 'write';
    return scheduler.gate(kind, trace.on ? shortened(sql, params) : '', 0, async () => {
      const found = await perform();
      await witness.saw(sql, params);
      await watch.saw(sql, params);
      return found;
    });
  });
}

function setClockSteps(weather: Weather | null, scheduler: Scheduler, stats: Stats): void {
  for (const { atMs, byMs } of weather?.clockSteps ?? []) {
    stats.count('clock_step');
    scheduler.at(atMs, () => scheduler.stepClock(byMs));
  }
}

function listen(scheduler: Scheduler, trace: Trace, complaints: string[]): Log {
  return (level, event, fields = {}) => {
    if (trace.on) trace.add(scheduler.nowMs, 'log', `${level} ${event} ${JSON.stringify(fields)}`);
    const code = fields['code'];
    if (code === 'internal' || code === 'statement_refused')
      complaints.push(`${event}: ${JSON.stringify(fields)}`);
  };
}

function drawSettings(random: Random): Settings {
  return {
    language: random.pick(['en', 'zh']),
    timeZone: 'UTC',
    flushIntervalS: random.pick([10, 60, 300, 900, 3_600]),
    bufferTokens: random.pick([60, 150, 1_000]),
    batchTokens: random.pick([40, 80, 400]),
    shards: random.pick([1, 2, 3]),
    llmTimeoutMs: MINUTE_MS,
  };
}

function shortened(sql: string, params: readonly unknown[]): string {
  const short = sql.replace(/SELECT .* FROM/, 'SELECT FROM').replace(/ \(.*\) VALUES \(.*\)/, '');
  const values = params.map((value) => String(value).slice(0, 60)).join(', ');
  return `${short.slice(0, 150)} | ${values.slice(0, 260)}`;
}
