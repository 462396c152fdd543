import { MINUTE_MS, wholeMinute } from '../../shared/domain/time.ts';
import type { Random } from './random.ts';

/** What becomes of one step of a worker. */
export type Fate = 'go' | 'die_before' | 'die_after' | 'refuse' | 'lose_ack' | 'late' | 'freeze';
export type StepKind = 'read' | 'write' | 'llm' | 'embed' | 'sleep' | 'invoke';

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How bad the world is in one seed: probabilities per step, and windows of outage in story time. */
export interface Weather {
  readonly crash: number;
  readonly refuse: number;
  readonly loseAck: number;
  readonly late: number;
  readonly freeze: number;
  readonly llmTimeout: number;
  readonly llmGarbage: number;
  readonly mergeOmits: number;
  readonly dropInvocation: number;
  readonly duplicateInvocation: number;
  readonly duplicateTick: number;
  readonly llmOutage: Window;
  readonly llmRejected: Window;
  readonly embeddingOutage: Window;
  readonly clockSteps: readonly { readonly atMs: number; readonly byMs: number }[];
}

/** Longest sleep of a worker; with everything before it still below the life an invocation can have. */
const LONGEST_FREEZE_MS = 12 * MINUTE_MS;
const FURTHEST_BACK_MS = 5 * MINUTE_MS;

const NEVER: Window = { fromMs: 0, toMs: 0 };
const RARE = [0, 0, 0.002, 0.01, 0.03] as const;
const STRAY = [0, 0, 0.1, 0.4] as const;

export function drawWeather(random: Random, startMs: number, horizonMs: number): Weather {
  const window = (probability: number): Window => {
    if (!random.chance(probability)) return NEVER;
    const fromMs = startMs + random.int(horizonMs);
    return { fromMs, toMs: fromMs + random.between(1, 25) * MINUTE_MS };
  };
  return {
    crash: random.pick(RARE),
    refuse: random.pick(RARE),
    loseAck: random.pick(RARE),
    late: random.pick(RARE),
    freeze: random.pick(RARE) / 2,
    llmTimeout: random.pick([0, 0, 0.1, 0.3]),
    llmGarbage: random.pick([0, 0, 0.2]),
    mergeOmits: random.pick([0, 0.2, 0.6]),
    dropInvocation: random.pick(STRAY),
    duplicateInvocation: random.pick(STRAY),
    duplicateTick: random.pick(STRAY),
    llmOutage: window(0.2),
    llmRejected: window(0.15),
    embeddingOutage: window(0.3),
    clockSteps: drawClockSteps(random, startMs, horizonMs),
  };
}

/** Steps forward, and backward by five minutes at most in all. */
function drawClockSteps(random: Random, startMs: number, horizonMs: number): Weather['clockSteps'] {
  if (!random.chance(0.4)) return [];
  let backMs = 0;
  return Array.from({ length: random.between(1, 4) }, () => {
    const anyMs = startMs + random.int(horizonMs);
    // Half of them while a tick is at work.
    const atMs = random.chance(0.5) ? anyMs : wholeMinute(anyMs) + random.int(80);
    const minutes = random.chance(0.5) ? random.between(1, 5) : random.next() * 5;
    if (random.chance(0.5)) return { atMs, byMs: Math.floor(minutes * MINUTE_MS) };
    // Often as far as it goes: right onto the places of reminders set before.
    const wishMs = random.chance(0.5) ? FURTHEST_BACK_MS : Math.floor(minutes * MINUTE_MS);
    const byMs = Math.min(wishMs, FURTHEST_BACK_MS - backMs);
    backMs += byMs;
    return { atMs, byMs: -byMs };
  });
}

export function drawFate(random: Random, kind: StepKind, weather: Weather): Fate {
  const { crash, refuse, loseAck, late, freeze } = weather;
  let dice = random.next();
  const hit = (probability: number): boolean => {
    dice -= probability;
    return dice < 0;
  };
  if (hit(crash / 2)) return 'die_before';
  if (hit(crash / 2)) return 'die_after';
  if (hit(freeze)) return 'freeze';
  if (kind === 'llm' || kind === 'embed' || kind === 'sleep') return 'go';
  if (hit(refuse)) return 'refuse';
  if (kind === 'read') return 'go';
  if (hit(loseAck)) return 'lose_ack';
  if (hit(late / 2) && kind === 'write') return 'late';
  return 'go';
}

export const within = (window: Window, nowMs: number): boolean =>
  nowMs >= window.fromMs && nowMs < window.toMs;

/** Mostly just beyond a lease, sometimes as long as a worker can sleep. */
export const drawFreezeMs = (random: Random): number =>
  random.chance(0.5) ? random.between(1_000, 3 * MINUTE_MS) : random.between(MINUTE_MS, LONGEST_FREEZE_MS);
