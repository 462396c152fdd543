import { updateUser } from '../../shared/app/users.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import { beginStory, tellStory } from './clients.ts';
import { openDatabase, type SimulatedDatabase } from './database.ts';
import { judge } from './invariants.ts';
import { createRandom } from './random.ts';
import { createStats, type Stats } from './stats.ts';
import { drawStory } from './story.ts';
import { createTrace } from './trace.ts';
import { createWorld, START_MS, type World } from './world.ts';

export interface SeedResult {
  readonly seed: number;
  /** Empty when every promise was kept. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly stats: Stats;
}

/** Ticks the dust gets to settle; ordinary seeds need a few dozen. */
const MAX_TICKS = 600;
/** One seed in so many runs on the database and the index exactly as the product opens them. */
const PRODUCT_SHARE = 10;

const databases = new Map<string, Promise<SimulatedDatabase>>();

function databaseFor(kind: 'quick' | 'product'): Promise<SimulatedDatabase> {
  let database = databases.get(kind);
  if (database === undefined) {
    database = openDatabase(kind);
    databases.set(kind, database);
  }
  return database;
}

/** Runs one seed from start to judgement. The same seed on the same code takes the same steps. */
export async function runSeed(seed: number, options: { readonly trace?: boolean } = {}): Promise<SeedResult> {
  const random = createRandom(seed);
  const stats = createStats();
  const trace = createTrace(options.trace === true);
  const product = seed % PRODUCT_SHARE === 0;
  const database = await databaseFor(product ? 'product' : 'quick');
  database.route(null);
  await database.empty();
  const violations: string[] = [];
  try {
    const story = drawStory(random, START_MS);
    const world = createWorld({ random, database, sqliteSearch: product, story, stats, trace });
    beginStory(story, world);
    await tellStory(world, story.horizonMs);
    world.calm();
    await settle(world);
    for (const user of story.users) {
      world.scheduler.spawn(
        'last update',
        () => updateUser(user, { n: 2 }, world.deps),
        () => undefined,
      );
      await world.scheduler.run(Number.MAX_SAFE_INTEGER);
    }
    violations.push(...world.complaints, ...(await judge(story, world)));
    stats.count('seeds');
    stats.count('steps', world.scheduler.steps);
    stats.count('messages', story.messages.filter(({ acked }) => acked).length);
  } catch (error) {
    violations.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    database.route(null);
  }
  return { seed, violations, trace: trace.lines, stats };
}

/** No more faults: ticks until no reminder is left, jumping from one to the next. */
async function settle(world: World): Promise<void> {
  const { scheduler, database, complaints } = world;
  // Clients give up, workers end.
  await scheduler.run(scheduler.nowMs + 20 * MINUTE_MS);
  for (let ticks = 0; ticks < MAX_TICKS; ticks += 1) {
    const [next] = await database.look('SELECT due_ms FROM flush_queue ORDER BY due_ms LIMIT 1');
    if (next === undefined) return;
    const aheadMs = Number(next['due_ms']) - scheduler.clock();
    if (aheadMs > 0) scheduler.skipTo(scheduler.nowMs + aheadMs);
    world.platform.tick();
    await scheduler.run(scheduler.nowMs + 20 * MINUTE_MS);
  }
  complaints.push(`the dust did not settle within ${MAX_TICKS} ticks`);
}
