import { REARM_MS, shardOf } from '../domain/buffer.ts';
import { toMemoryError } from '../domain/errors.ts';
import { digest } from '../domain/ids.ts';
import type { LifeScope } from '../domain/scope.ts';
import { wholeMinute } from '../domain/time.ts';
import { askForExtraction } from './ask-for-extraction.ts';
import type { Deps, Reminder, Waiting } from './ports.ts';
import { type FinishDeps, settleMemory } from './settle-memory.ts';

export interface CheckRequest {
  readonly shards: readonly number[];
  /** No reminder is begun after this; shards that remain are handed to a further invocation. */
  readonly deadlineMs: number;
}

/** What one tick did; one log line. */
export interface CheckReport {
  shards: number;
  reminders: number;
  /** Buffers extraction was asked for. */
  asked: number;
  /** Reminders whose buffer had nothing due. */
  dropped: number;
  /** Reminders of unfinished memory work, and how many of them still are. */
  settled: number;
  unfinished: number;
  failed: number;
  handedOn: readonly number[];
}

type CheckDeps = FinishDeps & Pick<Deps, 'invoker'>;

const PAGE = 100;

/**
 * One tick of the timer: per shard, due reminders in pages. A duplicate or overlapping tick does no harm; a tick
 * with nothing due reads one page per shard and writes nothing.
 */
export async function checkBuffers(request: CheckRequest, deps: CheckDeps): Promise<CheckReport> {
  const report: CheckReport = {
    shards: 0,
    reminders: 0,
    asked: 0,
    dropped: 0,
    settled: 0,
    unfinished: 0,
    failed: 0,
    handedOn: [],
  };
  const remaining = [...request.shards];
  for (const shard of request.shards) {
    if (deps.clock() >= request.deadlineMs) break;
    const done = await checkShard(shard, request.deadlineMs, report, deps);
    if (!done) break;
    report.shards += 1;
    remaining.shift();
  }
  if (remaining.length > 0) report.handedOn = await handOn(remaining, deps);
  deps.log('info', 'buffers_checked', { ...report });
  return report;
}

/** True when nothing due is left in the shard; what failed is left to the next tick. */
async function checkShard(
  shard: number,
  deadlineMs: number,
  report: CheckReport,
  deps: CheckDeps,
): Promise<boolean> {
  const handled = new Set<string>();
  const nowMs = deps.clock();
  let fromMs = 0;
  for (;;) {
    const page = await deps.store.reminders.due(shard, fromMs, nowMs, PAGE);
    const fresh = page.filter((reminder) => !handled.has(nameOf(reminder)));
    for (const reminder of fresh) {
      if (deps.clock() >= deadlineMs) return false;
      handled.add(nameOf(reminder));
      report.reminders += 1;
      await checkOne(reminder, nowMs, handled, report, deps);
    }
    if (page.length < PAGE || fresh.length === 0) return true;
    fromMs = page.at(-1)?.dueMs ?? fromMs;
  }
}

async function checkOne(
  reminder: Reminder,
  tickMs: number,
  handled: Set<string>,
  report: CheckReport,
  deps: CheckDeps,
): Promise<void> {
  try {
    if (reminder.kind === 'memory') {
      const outcome = await settleMemory(reminder, deps);
      report[outcome] += 1;
      return;
    }
    const buffer = `${reminder.projectId}/${reminder.userId}/${reminder.kind}`;
    const asked = handled.has(buffer) || (await checkBuffer(reminder, tickMs, deps));
    if (asked) handled.add(buffer);
    report[asked ? 'asked' : 'dropped'] += 1;
    await deps.store.reminders.remove(reminder);
  } catch (error) {
    const { code, message } = toMemoryError(error);
    report.failed += 1;
    deps.log('warn', 'reminder_failed', {
      projectId: reminder.projectId,
      kind: reminder.kind,
      code,
      message,
    });
  }
}

const nameOf = (reminder: Reminder): string =>
  [reminder.dueMs, reminder.projectId, reminder.userId, reminder.kind, reminder.token].join('/');

/**
 * Whether the buffer needs extraction; if so, it is asked for and a new reminder stands before the old one goes.
 * Blobs that are not due yet have reminders of their own.
 *
 * @param tickMs when due reminders were read; a clock that was set back since must neither call their blobs early
 * nor put the new reminder where an old one is about to go
 */
async function checkBuffer(reminder: Reminder, tickMs: number, deps: CheckDeps): Promise<boolean> {
  const { projectId, userId, kind } = reminder;
  if (kind === 'memory') return false;
  const { store, clock, settings } = deps;
  const scope = { projectId, userId };
  const head = await store.commits.head(scope);
  if (head === null || head.life === 0) return false;
  const life: LifeScope = { ...scope, life: head.life };
  const waiting = await store.blobs.waiting(life, kind);
  const newest = waiting.at(-1);
  if (newest === undefined) return false;
  const lease = await store.leases.latest(life, kind);
  const leased = lease !== null && lease.untilMs > clock();
  const abandoned = lease !== null && lease.untilMs > 0 && !leased;
  const nowMs = Math.max(tickMs, clock());
  if (!leased && !abandoned && !someDue(waiting, nowMs)) return false;
  const dueMs = wholeMinute(nowMs + REARM_MS);
  const shard = shardOf(projectId, userId, settings.shards);
  await store.reminders.put({ shard, dueMs, ...scope, kind, token: '' });
  if (!leased) {
    const state = `${newest.id}/${dueMs}`;
    await askForExtraction(scope, { type: kind, flush: true, state }, deps);
  }
  return true;
}

const someDue = (waiting: readonly Waiting[], nowMs: number): boolean =>
  waiting.some(({ dueMs }) => dueMs <= nowMs);

async function handOn(
  shards: readonly number[],
  { invoker, clock, log }: CheckDeps,
): Promise<readonly number[]> {
  const minute = wholeMinute(clock());
  const taskId = `check-${digest(String(minute), ...shards.map(String)).slice(0, 40)}`;
  try {
    await invoker.invoke({ function: 'buffer-check', payload: { shards }, taskId });
  } catch (error) {
    const { code, message } = toMemoryError(error);
    log('warn', 'check_not_handed_on', { code, message, shards: shards.length });
  }
  return shards;
}
