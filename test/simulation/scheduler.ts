import { WORKER_LIFETIME_MS } from '../../shared/domain/buffer.ts';
import { MemoryError, toMemoryError } from '../../shared/domain/errors.ts';
import { drawFate, drawFreezeMs, type Fate, type StepKind, type Weather } from './faults.ts';
import type { Random } from './random.ts';
import type { Stats } from './stats.ts';
import type { Trace } from './trace.ts';

export type Ending<T> =
  | { readonly kind: 'returned'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: MemoryError }
  | { readonly kind: 'died' };

interface Task {
  readonly name: string;
  alive: boolean;
  frozenUntilMs: number;
  /** By the clock the workers see. */
  readonly bornMs: number;
  readonly died: () => void;
}

interface Waiting {
  readonly task: Task;
  readonly kind: StepKind;
  readonly label: string;
  readonly readyMs: number;
  readonly thawed: boolean;
  readonly act: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface SchedulerParts {
  readonly startMs: number;
  readonly random: Random;
  /** Null once the world is calm. */
  readonly weather: () => Weather | null;
  readonly stats: Stats;
  readonly trace: Trace;
}

/** A worker this close to its limit is stopped by the platform. */
const PLATFORM_MARGIN_MS = 30_000;
const MAX_STEPS = 60_000;
const MAX_LATE_MS = 60_000;
const MAX_STEP_MS = 20;

/** Resolves once no microtask is left, so that whoever was just resumed waits at the gate again or has ended. */
const drained = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
const never = new Promise<never>(() => undefined);
const readyAt = ({ readyMs, task }: Waiting): number => Math.max(readyMs, task.frozenUntilMs);

/**
 * Runs workers one step at a time. Every call a worker makes into the world waits at the gate; the seed chooses
 * who goes on and what happens to the step. A dead worker's calls never return, so nothing of it runs on.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #queue: Waiting[] = [];
  readonly #timers: { readonly atMs: number; readonly act: () => void }[] = [];
  #nowMs: number;
  #skewMs = 0;
  #steps = 0;
  #current: Task | null = null;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#nowMs = parts.startMs;
  }

  /** Story time: nobody sets it back. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get steps(): number {
    return this.#steps;
  }

  /** What a worker reads off the wall: story time plus whatever the clock was set to. */
  clock(): number {
    return this.#nowMs + this.#skewMs;
  }

  stepClock(byMs: number): void {
    this.#skewMs += byMs;
    this.#tell('clock', `steps by ${byMs} ms`);
  }

  skipTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  at(atMs: number, act: () => void): void {
    this.#timers.push({ atMs, act });
  }

  spawn<T>(name: string, work: () => Promise<T>, ended: (ending: Ending<T>) => void): void {
    const died = (): void => ended({ kind: 'died' });
    const task: Task = { name, alive: true, frozenUntilMs: 0, bornMs: this.clock(), died };
    const end = (ending: Ending<T>): void => {
      if (!task.alive) return;
      task.alive = false;
      this.#tell(name, endingText(ending));
      ended(ending);
    };
    this.#as(task, work).then(
      (value) => end({ kind: 'returned', value }),
      (error: unknown) => end({ kind: 'threw', error: toMemoryError(error) }),
    );
  }

  /** Called by the world on behalf of the worker that runs just now. */
  gate<T>(kind: StepKind, label: string, latencyMs: number, act: () => Promise<T>): Promise<T> {
    const task = this.#current;
    if (task === null) throw new Error(`${label}: a call from nobody`);
    if (!task.alive) return never;
    return new Promise<T>((resolve, reject) => {
      const entry = { task, kind, label, readyMs: this.#nowMs + latencyMs, thawed: false, act, reject };
      this.#queue.push({ ...entry, resolve: resolve as Waiting['resolve'] });
    });
  }

  /** A worker's own timer: sleeps and dies with it. Stopped by the returned function. */
  every(ms: number, run: () => void): () => void {
    const task = this.#current;
    let stopped = false;
    const beat = (): void => {
      if (stopped || task === null || !task.alive) return;
      this.at(Math.max(this.#nowMs + ms, task.frozenUntilMs), beat);
      if (task.frozenUntilMs <= this.#nowMs) this.#as(task, run);
    };
    this.at(this.#nowMs + ms, beat);
    return () => {
      stopped = true;
    };
  }

  /** Until nothing is left to do, or story time would pass `untilMs`. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      await this.#fireTimers();
      const ready = this.#queue.filter((waiting) => readyAt(waiting) <= this.#nowMs);
      if (ready.length > 0) {
        const chosen = this.#parts.random.pick(ready);
        this.#queue.splice(this.#queue.indexOf(chosen), 1);
        await this.#step(chosen);
        this.#nowMs += this.#parts.random.int(MAX_STEP_MS);
        continue;
      }
      const next = Math.min(...this.#queue.map(readyAt), ...this.#timers.map(({ atMs }) => atMs));
      if (next > untilMs) return;
      this.#nowMs = next;
    }
  }

  async #fireTimers(): Promise<void> {
    for (;;) {
      const index = this.#timers.findIndex(({ atMs }) => atMs <= this.#nowMs);
      const [timer] = index < 0 ? [] : this.#timers.splice(index, 1);
      if (timer === undefined) return;
      timer.act();
      await drained();
    }
  }

  async #step(waiting: Waiting): Promise<void> {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) throw new Error(`the run did not end within ${MAX_STEPS} steps`);
    const { random, stats, trace } = this.#parts;
    const fate = this.#fateOf(waiting);
    if (fate !== 'go') stats.count(fate);
    if (trace.on) this.#tell(waiting.task.name, `${waiting.label}${fate === 'go' ? '' : ` ** ${fate}`}`);
    if (fate === 'die_before') return this.#kill(waiting.task);
    if (fate === 'freeze') {
      waiting.task.frozenUntilMs = this.#nowMs + drawFreezeMs(random);
      this.#queue.push({ ...waiting, thawed: true });
      return;
    }
    this.#current = waiting.task;
    if (fate === 'late') this.at(this.#nowMs + random.between(1, MAX_LATE_MS), () => this.#arrive(waiting));
    if (fate === 'refuse' || fate === 'late') waiting.reject(unavailable(waiting));
    else await this.#perform(waiting, fate);
    await drained();
    this.#current = null;
  }

  #fateOf(waiting: Waiting): Fate {
    if (this.clock() - waiting.task.bornMs > WORKER_LIFETIME_MS - PLATFORM_MARGIN_MS) return 'die_before';
    const weather = this.#parts.weather();
    if (weather === null) return 'go';
    const fate = drawFate(this.#parts.random, waiting.kind, weather);
    return fate === 'freeze' && waiting.thawed ? 'go' : fate;
  }

  async #perform(waiting: Waiting, fate: Fate): Promise<void> {
    try {
      const value = await waiting.act();
      if (fate === 'die_after') this.#kill(waiting.task);
      else if (fate === 'lose_ack') waiting.reject(unavailable(waiting));
      else waiting.resolve(value);
    } catch (error) {
      waiting.reject(error);
    }
  }

  /** A statement whose caller was told that it failed reaches the database after all. */
  #arrive(waiting: Waiting): void {
    this.#tell(waiting.task.name, `${waiting.label} ** arrives late`);
    void waiting.act();
  }

  #kill(task: Task): void {
    task.alive = false;
    const left = this.#queue.filter((waiting) => waiting.task !== task);
    this.#queue.splice(0, this.#queue.length, ...left);
    task.died();
  }

  #as<T>(task: Task, work: () => T): T {
    const before = this.#current;
    this.#current = task;
    try {
      return work();
    } finally {
      this.#current = before;
    }
  }

  #tell(who: string, what: string): void {
    this.#parts.trace.add(this.#nowMs, who, what);
  }
}

function unavailable({ kind }: Waiting): MemoryError {
  return kind === 'invoke'
    ? new MemoryError('invoke_failed', 'simulated: the call failed')
    : new MemoryError('store_unavailable', 'simulated: the statement failed');
}

function endingText(ending: Ending<unknown>): string {
  if (ending.kind === 'threw') return `=> throws ${ending.error.code}: ${ending.error.message}`;
  return `=> ${JSON.stringify(ending.kind === 'returned' ? ending.value : ending.kind) ?? 'ok'}`;
}
