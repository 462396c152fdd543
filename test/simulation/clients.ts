import { askForExtraction } from '../../shared/app/ask-for-extraction.ts';
import { discardDeadLetter, listDeadLetters, retryDeadLetter } from '../../shared/app/dead-letters.ts';
import { flushBuffer } from '../../shared/app/flush-buffer.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { createUser, deleteUser, updateUser } from '../../shared/app/users.ts';
import type { Scope } from '../../shared/domain/scope.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import type { Ending } from './scheduler.ts';
import type { Deed, Message, Story } from './story.ts';
import { START_MS, type World } from './world.ts';

const HTTP_MS = 5 * MINUTE_MS;

/** Sets everybody's intentions on the scheduler. */
export function beginStory(story: Story, world: World): void {
  for (const user of story.users)
    persist(`create ${user.userId}`, world, 30, () => createUser(user, { n: 0 }, world.deps));
  for (const message of story.messages) {
    world.scheduler.at(message.atMs, () => insert(message, 6, world));
  }
  for (const { user, atMs, deed } of story.deeds) {
    world.scheduler.at(atMs, () => act(user, deed, story, world));
  }
}

/** A client that tries again as long as the failure may heal. */
function persist(name: string, world: World, tries: number, work: () => Promise<void>): void {
  const { scheduler, random } = world;
  scheduler.spawn(name, work, (ending) => {
    if (tries <= 1 || !mayHeal(ending)) return;
    scheduler.at(scheduler.nowMs + random.between(500, 20_000), () => persist(name, world, tries - 1, work));
  });
}

const mayHeal = (ending: Ending<unknown>): boolean =>
  ending.kind === 'died' || (ending.kind === 'threw' && ending.error.healing !== 'never');

function insert(message: Message, tries: number, world: World): void {
  const { scheduler, random, deps, stats } = world;
  const { user, content, key } = message;
  if (message.firstStep < 0) message.firstStep = scheduler.steps;
  message.lastStep = Number.POSITIVE_INFINITY;
  const begun = scheduler.steps;
  const work = async () => {
    const { blobId, due } = await ingestBlob({ scope: user, content, fields: null, ...key }, deps);
    if (due) await askForExtraction(user, { type: content.type, flush: false, state: blobId }, deps);
    return blobId;
  };
  scheduler.spawn(`insert ${message.markers[0]}`, work, (ending) => {
    message.lastStep = scheduler.steps;
    if (ending.kind === 'returned') acknowledge(message, begun, world);
    const keyed = Object.keys(key).length > 0;
    const again = ending.kind === 'returned' ? random.chance(0.05) : mayHeal(ending);
    if (!keyed || !again || tries <= 1) return;
    stats.count('duplicate_insert');
    scheduler.at(scheduler.nowMs + random.between(0, 60_000), () => insert(message, tries - 1, world));
  });
}

function acknowledge(message: Message, begun: number, { witness, complaints }: World): void {
  message.acked = true;
  const { rival, user } = message;
  if (rival === null || !rival.acked || rival.lastStep > begun) return;
  const owner = `${user.projectId}/${user.userId}`;
  const deleted = witness.commits.some(({ user: who, kind, step }) => {
    return who === owner && kind === 'delete_user' && step >= rival.firstStep;
  });
  if (!deleted) complaints.push(`${message.markers[0]} took the key of ${rival.markers[0]} and was accepted`);
}

function act(user: Scope, deed: Deed, story: Story, world: World): void {
  const { deps, scheduler, random } = world;
  switch (deed.kind) {
    case 'flush':
      flush(user, deed, world);
      break;
    case 'update':
      for (let n = 0; n < deed.times; n += 1) {
        const update = () => updateUser(user, { n }, deps);
        scheduler.at(scheduler.nowMs + random.int(2_000), () => {
          scheduler.spawn(`update ${user.userId}`, update, () => undefined);
        });
      }
      break;
    case 'delete':
      persist(`delete ${user.userId}`, world, 5, () => deleteUser(user, deps));
      break;
    case 'create':
      persist(`create ${user.userId}`, world, 3, () => createUser(user, { n: 1 }, deps));
      break;
    case 'letters':
      persist(`letters ${user.userId}`, world, 4, () => deal(user, deed.wish, story, world));
      break;
    default:
      deed satisfies never;
  }
}

function flush(user: Scope, { wait, chosen }: Extract<Deed, { kind: 'flush' }>, world: World): void {
  const { scheduler, deps, witness } = world;
  const blobIds = chosen ? [...witness.blobsOf.values()].flatMap((ids) => [...ids]).slice(0, 3) : undefined;
  const deadlineMs = scheduler.clock() + HTTP_MS;
  const work = () => flushBuffer({ scope: user, type: 'chat', wait, blobIds, deadlineMs }, deps);
  scheduler.spawn(`flush ${user.projectId}/${user.userId}`, work, () => undefined);
}

/** Somebody repairs what made the letters fail and retries them, or gives them up. */
async function deal(user: Scope, wish: 'retry' | 'discard', story: Story, { deps }: World): Promise<void> {
  for (const { batchId } of await listDeadLetters(user, deps)) {
    if (wish === 'discard') {
      for (const message of story.messages) if (message.user === user) message.discarded = true;
      await discardDeadLetter(user, batchId, deps);
      continue;
    }
    for (const message of story.messages) {
      if (message.poison !== null && message.user === user) story.temper.poison.delete(message.poison);
    }
    await retryDeadLetter(user, batchId, deps);
  }
}

/** Runs the story to its end, with ticks as the timer sends them. */
export async function tellStory(world: World, horizonMs: number): Promise<void> {
  const { scheduler, random } = world;
  const end = START_MS + MINUTE_MS + horizonMs;
  for (let minute = START_MS + MINUTE_MS; minute <= end; minute += MINUTE_MS) {
    await scheduler.run(minute);
    scheduler.skipTo(minute);
    // A tick with nothing due only reads; most of those are left out.
    if (random.chance(0.05) || (await somethingDue(world))) world.platform.tick();
  }
}

async function somethingDue({ database, scheduler }: World): Promise<boolean> {
  const [row] = await database.look('SELECT 1 FROM flush_queue WHERE due_ms <= ? LIMIT 1', [
    scheduler.clock(),
  ]);
  return row !== undefined;
}
