import { randomUUID } from 'node:crypto';
import type { Random } from '../simulation/random.ts';

/** What a client says once and wants remembered once; the marker stands nowhere else. */
export interface Message {
  readonly marker: string;
  readonly userId: string;
  readonly text: string;
}

/** Messages of one user that come close together, and what the client does behind them. */
export interface Burst {
  readonly userId: string;
  readonly messages: readonly Message[];
  /** `contested` changes the user's data while a flush runs: only one of the two can make the next version. */
  readonly end: 'nothing' | 'flush' | 'awaited_flush' | 'contested_flush';
}

const MARKER = /\bm\d+\b/g;
export const markersIn = (text: string): string[] => text.match(MARKER) ?? [];

const ENDS = ['flush', 'awaited_flush', 'contested_flush'] as const;
const MAX_BURST = 15;
/** Messages longer than what one extraction reads: they are taken in pieces. */
const LONG = 0.01;
const LONG_SENTENCES = 120;

export function drawUsers(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}

export function drawBursts(count: number, users: readonly string[], random: Random): Burst[] {
  const bursts: Burst[] = [];
  for (let at = 0; at < count; ) {
    const size = Math.min(random.between(1, MAX_BURST), count - at);
    const userId = random.pick(users);
    const first = at;
    const messages = Array.from({ length: size }, (_, index) => drawMessage(first + index, userId, random));
    const end = random.chance(0.5) ? 'nothing' : random.pick(ENDS);
    bursts.push({ userId, messages, end });
    at += size;
  }
  return bursts;
}

export function drawMessage(number: number, userId: string, random: Random): Message {
  const marker = `m${number}`;
  const told = `I did ${marker} today.`;
  const text = random.chance(LONG) ? longText(told, random) : told;
  return { marker, userId, text };
}

function longText(told: string, random: Random): string {
  const sentences = Array.from({ length: LONG_SENTENCES }, () => 'The weather was as it is.');
  sentences[random.int(LONG_SENTENCES)] = told;
  return sentences.join(' ');
}
