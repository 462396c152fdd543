import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../simulation/random.ts';
import { type Client, createClient } from './client.ts';
import type { Fleet } from './fleet.ts';
import { type Burst, drawMessage, type Message } from './messages.ts';
import type { Tally } from './tally.ts';
import type { Acknowledged } from './verdict.ts';

export interface TrafficWorld {
  readonly fleet: Fleet;
  readonly random: Random;
  readonly tally: Tally;
  readonly complain: (what: string) => void;
}

const SENT_TWICE = 0.05;
const MAX_REPEAT_DELAY_MS = 300;
/** Changes one after the other, so that some come between the reading and the writing of an extraction. */
const RIVALS = 3;

/** Runs `work` for every item, `lanes` at a time. */
async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  world: TrafficWorld,
  work: (item: T, client: Client) => Promise<void>,
): Promise<void> {
  const open = items.values();
  const lane = async (): Promise<void> => {
    const client = createClient(world.fleet, world.tally);
    for (const item of open) await work(item, client);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export function createUsers(users: readonly string[], lanes: number, world: TrafficWorld): Promise<void> {
  return inLanes(users, lanes, world, (user, client) => client.createUser(user));
}

/** Clients work through the bursts; resolves to what was acknowledged, which in the end is everything. */
export async function talk(
  bursts: readonly Burst[],
  lanes: number,
  onAcknowledged: () => void,
  world: TrafficWorld,
): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  await inLanes(bursts, lanes, world, async ({ userId, messages, end }, client) => {
    for (const message of messages) {
      acknowledged.push({ message, blobId: await say(message, client, world) });
      onAcknowledged();
    }
    if (end === 'nothing') return;
    const flushed = client.flush(userId, end !== 'flush');
    for (let rival = 0; end === 'contested_flush' && rival < RIVALS; rival += 1)
      await client.update(userId, { rival });
    await flushed;
  });
  return acknowledged;
}

/** One message, in one case of twenty sent twice: at the same time, or again after the answer. */
async function say(
  message: Message,
  client: Client,
  { random, tally, complain }: TrafficWorld,
): Promise<string> {
  tally.count('messages');
  if (!random.chance(SENT_TWICE)) return client.say(message);
  tally.count('duplicates');
  const first = client.say(message);
  const cue = random.chance(0.5) ? first : sleep(random.int(MAX_REPEAT_DELAY_MS));
  const [one, two] = await Promise.all([first, cue.then(() => client.say(message))]);
  if (one !== two) complain(`${message.marker} was acknowledged as ${one} and as ${two}`);
  return one;
}

/**
 * A last message of every user, and flushes until nothing is left. The message makes one more version, which
 * finishes what killed workers left undone: their own reminders would come back to it after a quarter of an hour.
 *
 * @param firstNumber of the markers
 */
export async function settle(
  users: readonly string[],
  firstNumber: number,
  lanes: number,
  world: TrafficWorld,
): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  await inLanes([...users.entries()], lanes, world, async ([index, userId], client) => {
    const message = drawMessage(firstNumber + index, userId, world.random);
    acknowledged.push({ message, blobId: await say(message, client, world) });
    await client.drain(userId);
  });
  return acknowledged;
}
