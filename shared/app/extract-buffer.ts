import { type Batch, takeBatch } from '../domain/batch.ts';
import type { StorableBlobType } from '../domain/blob.ts';
import { batchCap, RECEIPT_MS } from '../domain/buffer.ts';
import type { Commit } from '../domain/commit.ts';
import { type MemoryError, toMemoryError } from '../domain/errors.ts';
import { type LifeScope, type Scope, userKey } from '../domain/scope.ts';
import { changeMemory } from './change-memory.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import { type BatchResult, type Extracted, planExtraction, readBatch } from './plan-extraction.ts';
import type { Deps, Tokenizer, Waiting } from './ports.ts';
import { recordFailure } from './record-failure.ts';

export interface ExtractRequest {
  readonly scope: Scope;
  readonly type: StorableBlobType;
  /** True: until the buffer is empty. False: until it is below its threshold. */
  readonly flush: boolean;
  /** Only these, where given. */
  readonly blobIds?: readonly string[] | undefined;
  /** No batch is begun that could end after this. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Why extraction came to its end. */
export type Stop =
  | { readonly kind: 'drained' | 'no_user' | 'leased' | 'backing_off' | 'out_of_time' }
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: MemoryError };

export interface ExtractOutcome {
  readonly results: readonly BatchResult[];
  readonly stop: Stop;
}

type ExtractDeps = Omit<Deps, 'invoker'>;

/** Most blobs whose text is read for one batch. */
const MAX_BATCH_BLOBS = 200;

/**
 * Turns a buffer into memory, batch by batch, oldest first. Safe to run twice and beside itself: a batch counts
 * once, by the commit that holds it. Failures are recorded, not thrown.
 */
export async function extractBuffer(request: ExtractRequest, deps: ExtractDeps): Promise<ExtractOutcome> {
  const { store, clock } = deps;
  const head = await store.commits.head(request.scope);
  if (head === null || head.life === 0) return stopped({ kind: 'no_user' });
  const scope: LifeScope = { ...request.scope, life: head.life };
  const waiting = await wanted(scope, request, deps);
  if (waiting.length === 0) return stopped({ kind: 'drained' });
  if (!request.flush && isBackingOff(waiting, clock())) return stopped({ kind: 'backing_off' });
  const pause = await store.projects.paused(scope.projectId);
  if (pause !== null && pause.untilMs > clock()) return stopped({ kind: 'paused', reason: pause.reason });
  const lease = await holdLease(scope, request.type, deps);
  if (lease === null) return stopped({ kind: 'leased' });
  try {
    const outcome = await drain(scope, request, lease, deps);
    if (outcome.results.length > 0) {
      if (pause !== null) await store.projects.pause(scope.projectId, null);
      await store.blobs.forgetDone(scope, clock() - RECEIPT_MS);
    }
    return outcome;
  } finally {
    await lease.release();
  }
}

const stopped = (stop: Stop, results: readonly BatchResult[] = []): ExtractOutcome => ({ results, stop });

async function drain(
  scope: LifeScope,
  request: ExtractRequest,
  lease: HeldLease,
  deps: ExtractDeps,
): Promise<ExtractOutcome> {
  const results: BatchResult[] = [];
  for (;;) {
    if (deps.clock() + deps.settings.llmTimeoutMs > request.deadlineMs)
      return stopped({ kind: 'out_of_time' }, results);
    const attempt = newAttempt();
    try {
      const result = await extractBatch(scope, request, attempt, lease, deps);
      if (result === null) return stopped({ kind: 'drained' }, results);
      results.push(result);
    } catch (thrown) {
      const error = toMemoryError(thrown);
      deps.log('warn', 'batch_failed', {
        projectId: scope.projectId,
        code: error.code,
        message: error.message,
        blobs: attempt.blobs.length,
      });
      if (attempt.blobs.length === 0) return stopped({ kind: 'failed', error }, results);
      const outcome = await recordFailure(scope, attempt.blobs, error, deps);
      if (outcome !== 'dead_letter') return stopped({ kind: 'failed', error }, results);
    }
  }
}

/** What one batch learnt so far; a lost race replans with it instead of asking the model again. */
interface Attempt {
  blobs: readonly Waiting[];
  readonly extracted: Map<string, Extracted>;
}
const newAttempt = (): Attempt => ({ blobs: [], extracted: new Map() });

/** One batch, committed; or null when nothing is left to do. */
async function extractBatch(
  scope: LifeScope,
  request: ExtractRequest,
  attempt: Attempt,
  lease: HeldLease,
  deps: ExtractDeps,
): Promise<BatchResult | null> {
  const counter = await deps.tokenizer();
  let result: BatchResult | null = null;
  const commit = await changeMemory(
    scope,
    async (latest) => {
      if (latest === null || latest.snapshot.life !== scope.life) return null;
      const waiting = await wanted(scope, request, deps);
      if (!request.flush && sumTokens(waiting) <= deps.settings.bufferTokens) return null;
      const batch = await nextBatch(scope, waiting, latest, counter, deps);
      if (batch === null) return null;
      attempt.blobs = waiting.filter(({ id }) => batch.items.some(({ blobId }) => blobId === id));
      const planDeps = { ...deps, counter };
      await lease.renew();
      const extracted =
        attempt.extracted.get(batch.id) ?? (await readBatch(batch, latest, request.signal, planDeps));
      attempt.extracted.set(batch.id, extracted);
      await lease.renew();
      const planned = await planExtraction(batch, latest, extracted, request.signal, planDeps);
      result = planned.result;
      return planned.change;
    },
    deps,
  );
  if (commit === null) return null;
  await clearFailures(scope, commit, attempt.blobs, deps);
  return result;
}

/** A piece that got through shows that its blob is not what the failures before were about. */
async function clearFailures(
  scope: LifeScope,
  { snapshot }: Commit,
  batch: readonly Waiting[],
  { store }: ExtractDeps,
): Promise<void> {
  for (const { id, attempts, dueMs } of batch) {
    if (attempts === 0 || !(id in snapshot.progress)) continue;
    await store.blobs.recordFailure(scope, id, { attempts: 0, triedIn: 0, deferrals: 0, dueMs, error: '' });
  }
}

async function wanted(
  scope: LifeScope,
  request: ExtractRequest,
  { store }: ExtractDeps,
): Promise<readonly Waiting[]> {
  const waiting = await store.blobs.waiting(scope, request.type);
  const { blobIds } = request;
  return blobIds === undefined ? waiting : waiting.filter(({ id }) => blobIds.includes(id));
}

const sumTokens = (waiting: readonly Waiting[]): number =>
  waiting.reduce((sum, { tokens }) => sum + tokens, 0);

function isBackingOff([oldest]: readonly Waiting[], nowMs: number): boolean {
  return oldest !== undefined && oldest.attempts + oldest.deferrals > 0 && oldest.dueMs > nowMs;
}

const ownerOf = (scope: LifeScope): string => `${scope.projectId}/${userKey(scope)}`;

async function nextBatch(
  scope: LifeScope,
  waiting: readonly Waiting[],
  { snapshot }: Commit,
  counter: Tokenizer,
  { store, settings }: ExtractDeps,
): Promise<Batch | null> {
  const [oldest] = waiting;
  if (oldest === undefined) return null;
  const cap = Math.min(batchCap(oldest), MAX_BATCH_BLOBS);
  let estimate = 0;
  const likely = waiting.slice(0, cap).filter(({ tokens }, index) => {
    estimate += tokens;
    return index === 0 || estimate <= settings.batchTokens * 2;
  });
  const blobs = await store.blobs.load(
    scope,
    likely.map(({ id }) => id),
  );
  return takeBatch({
    owner: ownerOf(scope),
    blobs,
    progress: snapshot.progress,
    budget: settings.batchTokens,
    timeZone: settings.timeZone,
    count: (text) => counter.count(text),
  });
}
