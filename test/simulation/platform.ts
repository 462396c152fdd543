import { checkBuffers } from '../../shared/app/check-buffers.ts';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import type { Deps, ExtractPayload, Invocation } from '../../shared/app/ports.ts';
import { MINUTE_MS } from '../../shared/domain/time.ts';
import type { Weather } from './faults.ts';
import type { Random } from './random.ts';
import type { Ending, Scheduler } from './scheduler.ts';
import type { Stats } from './stats.ts';

/** How long one function may run, as the platform is told. */
const EXTRACT_MS = 10 * MINUTE_MS;
const CHECK_MS = 50_000;
const MOST_TRIES = 3;

export interface PlatformParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly weather: () => Weather | null;
  readonly stats: Stats;
  /** What the functions are started with; asked for when one starts. */
  readonly deps: () => Deps;
  readonly complaints: string[];
}

/** Runs functions as the real platform does: late, twice, not at all, and again when they fail. */
export class Platform {
  readonly #parts: PlatformParts;
  readonly #seen = new Set<string>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** Takes an invocation; a second one of the same task is ignored. */
  accept(invocation: Invocation): void {
    if (this.#seen.has(invocation.taskId)) return;
    this.#seen.add(invocation.taskId);
    const { random, weather, stats, scheduler } = this.#parts;
    const now = weather();
    const copies = now !== null && random.chance(now.duplicateInvocation) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      if (copy > 0) stats.count('redelivery');
      if (now !== null && random.chance(now.dropInvocation)) {
        stats.count('dropped_invocation');
        continue;
      }
      const delayMs = random.chance(0.8) ? random.int(2_000) : random.int(4 * MINUTE_MS);
      scheduler.at(scheduler.nowMs + delayMs, () => this.#deliver(invocation));
    }
  }

  /** The timer fires, sometimes twice. */
  tick(): void {
    const { random, weather, deps } = this.#parts;
    const shards = Array.from({ length: deps().settings.shards }, (_, shard) => shard);
    const now = weather();
    const copies = now !== null && random.chance(now.duplicateTick) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#check(shards);
  }

  #deliver(invocation: Invocation): void {
    if (invocation.function === 'extract') this.#extract(invocation.payload, 1);
    else this.#check(invocation.payload.shards);
  }

  #check(shards: readonly number[]): void {
    const { scheduler, deps } = this.#parts;
    const request = { shards, deadlineMs: scheduler.clock() + CHECK_MS };
    const work = () => checkBuffers(request, deps());
    scheduler.spawn('buffer-check', work, (ending) => this.#complain('buffer-check', ending));
  }

  #extract(payload: ExtractPayload, attempt: number): void {
    const { scheduler, random, stats, deps } = this.#parts;
    const { projectId, userId, type, flush } = payload;
    const request = { scope: { projectId, userId }, type, flush, deadlineMs: scheduler.clock() + EXTRACT_MS };
    const work = () => extractBuffer(request, deps());
    scheduler.spawn(`extract ${projectId}/${userId}`, work, (ending) => {
      this.#complain('extract', ending);
      if (ending.kind === 'returned' || attempt >= MOST_TRIES) return;
      stats.count('redelivery');
      const againMs = scheduler.nowMs + random.between(1_000, MINUTE_MS);
      scheduler.at(againMs, () => this.#extract(payload, attempt + 1));
    });
  }

  /** An error no fault of the world explains. */
  #complain(name: string, ending: Ending<unknown>): void {
    if (ending.kind !== 'threw' || ending.error.code !== 'internal') return;
    this.#parts.complaints.push(`${name} threw: ${ending.error.message} ${String(ending.error.cause)}`);
  }
}
