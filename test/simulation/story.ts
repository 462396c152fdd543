import type { BlobContent } from '../../shared/domain/blob.ts';
import type { Scope } from '../../shared/domain/scope.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import type { Random } from './random.ts';

/** One insert as its client knows it. */
export interface Message {
  readonly user: Scope;
  readonly content: BlobContent;
  readonly markers: readonly string[];
  readonly key: { readonly blobId?: string; readonly idempotencyKey?: string };
  /** The marker no model digests, if it has one. */
  readonly poison: string | null;
  /** Another message whose key this one takes with other content. */
  readonly rival: Message | null;
  readonly atMs: number;
  acked: boolean;
  /** Somebody gave its user's dead letters up. */
  discarded: boolean;
  /** First and last scheduler step at which an attempt was alive; -1 before. */
  firstStep: number;
  lastStep: number;
}

export type Deed =
  | { readonly kind: 'flush'; readonly wait: boolean; readonly chosen: boolean }
  | { readonly kind: 'update'; readonly times: number }
  | { readonly kind: 'delete' }
  | { readonly kind: 'create' }
  | { readonly kind: 'letters'; readonly wish: 'retry' | 'discard' };

/** What people do in one seed. */
export interface Story {
  readonly users: readonly Scope[];
  readonly horizonMs: number;
  readonly messages: readonly Message[];
  readonly deeds: readonly { readonly user: Scope; readonly atMs: number; readonly deed: Deed }[];
  readonly temper: {
    readonly poison: Set<string>;
    readonly spared: Set<string>;
    readonly firstOf: Map<string, string>;
  };
}

const PEOPLE = [
  { projectId: 'red', userId: 'ann' },
  { projectId: 'blue', userId: 'ann' },
  { projectId: 'red', userId: 'bob' },
] as const;

const UNTOLD = { acked: false, discarded: false, firstStep: -1, lastStep: -1 };

export function drawStory(random: Random, startMs: number): Story {
  const horizonMs = random.between(4, 40) * MINUTE_MS;
  const users = PEOPLE.slice(0, random.between(1, PEOPLE.length));
  const temper = { poison: new Set<string>(), spared: new Set<string>(), firstOf: new Map<string, string>() };
  const moment = (): number => startMs + MINUTE_MS + random.int(horizonMs);
  let serial = 0;
  const nextMarkers = (count: number): string[] =>
    Array.from({ length: count }, () => {
      serial += 1;
      return `m${String(serial).padStart(4, '0')}`;
    });

  const draw = (user: Scope, poisoned: boolean, rival: Message | null, index: number): Message => {
    const oversize = random.chance(poisoned ? 0.25 : 0.08);
    const markers = nextMarkers(oversize ? random.between(25, 60) : random.between(1, 3));
    const poison = poisoned && rival === null && random.chance(0.2) ? random.pick(markers) : null;
    if (poison !== null) temper.poison.add(poison);
    for (const marker of markers) temper.firstOf.set(marker, markers[0] ?? marker);
    if (poisoned) for (const marker of markers) temper.spared.add(marker);
    const keyed = rival !== null ? 0 : random.next();
    const name = markers[0] ?? '';
    const own = keyed < 0.6 ? { idempotencyKey: name } : keyed < 0.75 ? { blobId: `blob-${index}` } : {};
    const key = rival?.key ?? own;
    const content = drawContent(random, markers, oversize);
    const atMs = rival === null ? moment() : rival.atMs + random.int(10 * MINUTE_MS);
    return { user, content, markers, key, poison, rival, atMs, ...UNTOLD };
  };

  const messages: Message[] = [];
  const deeds: Story['deeds'][number][] = [];
  for (const user of users) {
    const poisoned = random.chance(0.25);
    const own = Array.from({ length: random.between(2, 9) }, (_, index) => draw(user, poisoned, null, index));
    const rivals = own.filter(({ key }) => key.idempotencyKey !== undefined && random.chance(0.05));
    messages.push(...own, ...rivals.map((rival) => draw(user, poisoned, rival, -1)));
    deeds.push(...drawDeeds(random, user, poisoned, moment));
  }
  return { users, messages, deeds, temper, horizonMs };
}

function drawDeeds(
  random: Random,
  user: Scope,
  poisoned: boolean,
  moment: () => number,
): Story['deeds'][number][] {
  const deeds: Deed[] = [];
  const some = (probability: number, most: number, deed: () => Deed): void => {
    for (let n = 0; n < most; n += 1) if (random.chance(probability)) deeds.push(deed());
  };
  some(0.3, 3, () => ({ kind: 'flush', wait: random.chance(0.5), chosen: random.chance(0.2) }));
  some(0.2, 3, () => ({ kind: 'update', times: random.chance(0.2) ? 25 : random.between(1, 4) }));
  some(0.12, 1, () => ({ kind: 'delete' }));
  if (deeds.at(-1)?.kind === 'delete') some(0.7, 2, () => ({ kind: 'create' }));
  if (poisoned) some(0.6, 2, () => ({ kind: 'letters', wish: random.chance(0.8) ? 'retry' : 'discard' }));
  const deletedMs = moment();
  return deeds.map((deed) => {
    if (deed.kind === 'delete') return { user, atMs: deletedMs, deed };
    // Soon after, so that workers of the former life are still about.
    if (deed.kind === 'create') return { user, atMs: deletedMs + random.int(3 * MINUTE_MS), deed };
    return { user, atMs: moment(), deed };
  });
}

function drawContent(random: Random, markers: readonly string[], oversize: boolean): BlobContent {
  const say = (some: readonly string[]): string => some.map((marker) => `It is ${marker}.`).join(' ');
  const dice = random.next();
  if (dice < 0.1) return { type: 'summary', data: { summary: say(markers) } };
  if (dice < 0.2) return { type: 'doc', data: { content: say(markers) } };
  const parts = oversize && random.chance(0.5) ? [markers] : markers.map((marker) => [marker]);
  const messages = parts.map((part) => ({
    role: 'user' as const,
    content: say(part),
    alias: null,
    created_at: null,
  }));
  return { type: 'chat', data: { messages } };
}
