import { beforeEach, describe, expect, test } from 'vitest';
import { discardDeadLetter, listDeadLetters, retryDeadLetter } from '../../shared/app/dead-letters.ts';
import { extractBuffer } from '../../shared/app/extract-buffer.ts';
import { ingestBlob } from '../../shared/app/ingest-blob.ts';
import { recordFailure } from '../../shared/app/record-failure.ts';
import { livingMemory } from '../../shared/app/users.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { ANN, type Bench, chat, MINUTE, openBench, repeatCapitals, rowCount } from './fixture.ts';

let bench: Bench;
let cured: boolean;
beforeEach(async () => {
  bench = await openBench({ batchTokens: 20 });
  cured = false;
  bench.model = (request) => {
    const conversation = request.user.slice(request.user.indexOf('<conversation>'));
    if (!cured && conversation.includes('POISON')) throw new MemoryError('llm_output_invalid', 'scripted');
    return repeatCapitals(request);
  };
});

async function extract(): Promise<void> {
  bench.nowMs += 2 * 60 * MINUTE;
  const deadlineMs = bench.nowMs + 10 * MINUTE;
  await extractBuffer({ scope: ANN, type: 'chat', flush: true, deadlineMs }, bench.deps);
}

/** Inserts a message and lets it fail as often as it takes; resolves to the id of its letter. */
async function bury(text: string): Promise<string> {
  await ingestBlob({ scope: ANN, content: chat(text), fields: null }, bench.deps);
  for (let n = 0; n < 4; n += 1) await extract();
  const [letter] = await listDeadLetters(ANN, bench.deps);
  return letter?.batchId ?? 'none';
}

const memos = async () => (await livingMemory(ANN, bench.deps)).slots.map(({ content }) => content);
const waiting = () => bench.deps.store.blobs.waiting({ ...ANN, life: 1 }, 'chat');

describe('a dead letter', () => {
  test('is listed with its error and its blob', async () => {
    await bury('I like POISON');
    expect(await listDeadLetters(ANN, bench.deps)).toMatchObject([
      { error: 'llm_output_invalid: scripted', attempts: 3, progress: null, blobIds: [expect.any(String)] },
    ]);
    expect(await waiting()).toEqual([]);
  });

  test('is extracted once when it is retried twice', async () => {
    const letter = await bury('I like POISON');
    cured = true;
    const ids = await retryDeadLetter(ANN, letter, bench.deps);
    expect(await retryDeadLetter(ANN, letter, bench.deps)).toEqual(ids);
    await extract();
    expect(await retryDeadLetter(ANN, letter, bench.deps)).toEqual(ids);
    await extract();
    expect(await memos()).toEqual(['POISON']);
    expect(await rowCount(bench, 'usage_receipts')).toBe(1);
    expect(await listDeadLetters(ANN, bench.deps)).toEqual([]);
  });

  test('of a long message goes on behind what was extracted before', async () => {
    const text =
      'I am very fond of JAZZ. I am very fond of TEA. I am very fond of GOLF. I like POISON and CHESS.';
    const letter = await bury(text);
    const before = await memos();
    expect(before.join()).toContain('JAZZ');
    cured = true;
    await retryDeadLetter(ANN, letter, bench.deps);
    await extract();
    expect((await memos()).join('; ').split('; ').toSorted()).toEqual([
      'CHESS',
      'GOLF',
      'JAZZ',
      'POISON',
      'TEA',
    ]);
    const gists = await bench.deps.store.timeline.newestGists({ ...ANN, life: 1 }, 0, 100);
    expect(gists.map(({ text: gist }) => gist).toSorted()).toEqual([
      'likes CHESS',
      'likes GOLF',
      'likes JAZZ',
      'likes POISON',
      'likes TEA',
    ]);
  });

  test('is not visible before its blob has left the buffer', async () => {
    const { blobs } = bench.deps.store;
    const finish = async (): Promise<void> => {
      throw new MemoryError('store_unavailable', 'scripted');
    };
    const broken = { ...bench.deps, store: { ...bench.deps.store, blobs: { ...blobs, finish } } };
    await ingestBlob({ scope: ANN, content: chat('I like POISON'), fields: null }, bench.deps);
    for (let n = 0; n < 3; n += 1) {
      bench.nowMs += 2 * 60 * MINUTE;
      const deadlineMs = bench.nowMs + 10 * MINUTE;
      await extractBuffer({ scope: ANN, type: 'chat', flush: true, deadlineMs }, broken).catch(
        () => undefined,
      );
    }
    expect(await listDeadLetters(ANN, bench.deps)).toEqual([]);
    expect(await waiting()).toHaveLength(1);
    await extract();
    expect(await listDeadLetters(ANN, bench.deps)).toHaveLength(1);
  });

  test('is not made of a message that another worker extracted meanwhile', async () => {
    cured = true;
    await ingestBlob({ scope: ANN, content: chat('I like POISON'), fields: null }, bench.deps);
    const [blob] = await waiting();
    if (blob === undefined) throw new Error('the message is missing');
    await extract();
    const error = new MemoryError('llm_output_invalid', 'scripted');
    const failed = { ...blob, attempts: 2, triedIn: 1 };
    await recordFailure({ ...ANN, life: 1 }, [failed], error, bench.deps);
    expect(await listDeadLetters(ANN, bench.deps)).toEqual([]);
  });

  test('that was discarded is gone and cannot be retried', async () => {
    const letter = await bury('I like POISON');
    await discardDeadLetter(ANN, letter, bench.deps);
    expect(await listDeadLetters(ANN, bench.deps)).toEqual([]);
    await expect(retryDeadLetter(ANN, letter, bench.deps)).rejects.toMatchObject({ code: 'conflict' });
    expect(await waiting()).toEqual([]);
  });

  test('that was retried cannot be discarded', async () => {
    const letter = await bury('I like POISON');
    await retryDeadLetter(ANN, letter, bench.deps);
    await expect(discardDeadLetter(ANN, letter, bench.deps)).rejects.toMatchObject({ code: 'conflict' });
    expect(await waiting()).toHaveLength(1);
  });
});

test('an unknown letter is not found', async () => {
  await expect(retryDeadLetter(ANN, 'nothing', bench.deps)).rejects.toMatchObject({ code: 'not_found' });
});
