// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the mutations quote source text

/** One way to break a promise: a piece of source replaced by a wrong one. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What goes wrong with it, and so must be noticed. */
  readonly why: string;
}

const changeMemory = 'shared/app/change-memory.ts';
const checkBuffers = 'shared/app/check-buffers.ts';
const settleMemory = 'shared/app/settle-memory.ts';
const ingestBlob = 'shared/app/ingest-blob.ts';
const recordFailure = 'shared/app/record-failure.ts';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'no read-back after the put',
    file: changeMemory,
    find: 'if (!(await isOurs(scope, commit, deps))) {',
    replace: 'void isOurs;\n    if (version < 0) {',
    why: 'who lost the race applies effects of a version that does not exist',
  },
  {
    name: 'read-back of the author alone',
    file: changeMemory,
    find: 'if (next === undefined || (next.version === commit.version + 1 && next.parent === commit.author))\n    return true;',
    replace: 'return true;',
    why: 'a worker that slept through twenty versions takes its stale row for a true one',
  },
  {
    name: 'never redo an unapplied version',
    file: changeMemory,
    find: 'if (latest !== null && !latest.applied) await applyCommit(scope, latest, deps);',
    replace: '',
    why: 'the next worker extracts blobs again that a dead worker has committed but not finished',
  },
  {
    name: 'put overwrites',
    file: 'shared/adapters/sql/commits.ts',
    find: 'await rows.putIfAbsent(MEMORY_COMMITS, {',
    replace: 'await rows.upsert(MEMORY_COMMITS, {',
    why: 'the later of two workers wipes out what the earlier one was told is stored',
  },
  {
    name: 'applied before its effects',
    file: 'shared/app/apply-commit.ts',
    find: 'const { effects, snapshot } = commit;',
    replace:
      'const { effects, snapshot } = commit;\n  await store.commits.markApplied(scope, commit.version);',
    why: 'nobody finishes what a worker that dies in between has begun',
  },
  {
    name: 'no reminder for the effects',
    file: changeMemory,
    find: 'hasEffects(commit.effects) ? await remindOfMemory(scope, commit.author, deps) : null',
    replace: 'null',
    why: 'a version whose author died stays unapplied, its vectors missing, its purge undone',
  },
  {
    name: 'reminders of versions shared',
    file: changeMemory,
    find: 'await remindOfMemory(scope, commit.author, deps)',
    replace: "await remindOfMemory(scope, '', deps)",
    why: 'a worker that is done takes away the reminder another one still needs',
  },
  {
    name: 'old reminder goes before the new one stands',
    file: checkBuffers,
    find: "  await store.reminders.put({ shard, dueMs, ...scope, kind, token: '' });",
    replace:
      "  await store.reminders.remove(reminder);\n  await store.reminders.put({ shard, dueMs, ...scope, kind, token: '' });",
    why: 'a tick that dies in between leaves a buffer nobody looks at',
  },
  {
    name: 'fired reminder not set anew',
    file: checkBuffers,
    find: "  await store.reminders.put({ shard, dueMs, ...scope, kind, token: '' });",
    replace: '',
    why: 'an invocation that is lost takes the buffer with it',
  },
  {
    name: 'new reminder reckoned from a clock set back',
    file: checkBuffers,
    find: 'const nowMs = Math.max(tickMs, clock());',
    replace: 'const nowMs = clock();',
    why: 'the new reminder may be the very one that goes, or a due blob seem early',
  },
  {
    name: 'reminder after the blob',
    file: ingestBlob,
    find: '    await putWithReminder(scope, blob, hash, deps);',
    replace:
      '    await store.blobs.put(scope, blob, hash, 1, flushDue(nowMs, settings.flushIntervalS));\n    await putWithReminder(scope, blob, hash, deps);',
    why: 'a worker that dies in between leaves a blob that a retry acknowledges and nobody extracts',
  },
  {
    name: 'no guard for slow inserts',
    file: 'shared/domain/buffer.ts',
    find: 'return due >= guard ? [due] : [due, guard];',
    replace: 'return due >= guard ? [due] : [due];',
    why: 'the reminder fires and is dropped before a sleeping worker has put its blob',
  },
  {
    name: 'keyed insert with a random id',
    file: ingestBlob,
    find: 'derivedId(`${projectId}/${userId}/${key}`)',
    replace: 'timeOrderedId(nowMs, 0, randomId() + derivedId(projectId + userId + key))',
    why: 'the retry of an insert that did arrive is remembered twice',
  },
  {
    name: 'receipts dropped at once',
    file: 'shared/adapters/sql/blobs.ts',
    find: "if (Number(row['finished_ms']) >= beforeMs) continue;",
    replace: "if (Number(row['finished_ms']) < beforeMs) continue;",
    why: 'the retry of an insert that was extracted already is buffered again',
  },
  {
    name: 'blobs finished before the commit',
    file: 'shared/app/extract-buffer.ts',
    find: '      result = planned.result;',
    replace:
      '      result = planned.result;\n      for (const { blobId, as } of planned.change.effects.finished) await deps.store.blobs.finish(scope, blobId, as, 0);',
    why: 'what a worker that dies before the put has read is gone',
  },
  {
    name: 'progress through oversize blobs not stored',
    file: 'shared/app/plan-extraction.ts',
    find: 'else rest[blobId] = next;',
    replace: '',
    why: 'the first piece of an oversize blob is extracted again and again',
  },
  {
    name: 'lives share their rows',
    file: 'shared/domain/scope.ts',
    find: 'return scope.life === 1 ? scope.userId : `${scope.userId}~${scope.life}`;',
    replace: 'return scope.userId;',
    why: 'the later sweeps of a deleted life take the rows of the living one',
  },
  {
    name: 'no sweep after the purge',
    file: settleMemory,
    find: 'return next === undefined ? [] : [deletedMs + next];',
    replace: 'return next === undefined ? [] : [];',
    why: 'what slow workers write after a deletion stays for ever',
  },
  {
    name: 'outages counted as faults of the content',
    file: recordFailure,
    find: "if (error.healing === 'later') {",
    replace: "if (error.code === 'contended') {",
    why: 'an outage that lasts buries sound messages as dead letters',
  },
  {
    name: 'put off before the reminder stands',
    file: recordFailure,
    find: "    await store.reminders.put({ shard, dueMs, projectId, userId, kind, token: '' });",
    replace: '    void [shard, dueMs, projectId, userId, kind];',
    why: 'a blob waits for a moment nobody watches',
  },
  {
    name: 'dead letter forgets how far it got',
    file: recordFailure,
    find: 'const failure = { error, attempts: blob.attempts, progress: reached, createdMs };',
    replace:
      'void reached;\n      const failure = { error, attempts: blob.attempts, progress: null, createdMs };',
    why: 'the retry extracts pieces again that are remembered already',
  },
  {
    name: 'retried letter under a random id',
    file: 'shared/app/close-letter.ts',
    find: '{ ...failed, id: to }',
    replace: '{ ...failed, id: `${to}-${clock()}` }',
    why: 'a retry that is applied again buffers the message twice',
  },
  {
    name: 'fact without a decision dropped',
    file: 'shared/domain/merge.ts',
    find: "decision ?? { action: 'append' as const, memo: '' }",
    replace: "decision ?? { action: 'abort' as const, memo: '' }",
    why: 'what the model forgot to judge is lost from the profile',
  },
  {
    name: 'vectors given up after an outage',
    file: settleMemory,
    find: 'dues.push(nowMs + VECTOR_RETRY_MS);',
    replace: 'void VECTOR_RETRY_MS;',
    why: 'gists of an embedding outage never get a vector',
  },
];
