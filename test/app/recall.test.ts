import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RecallRequest, recall } from '../../shared/app/recall.ts';
import { flushDue } from '../../shared/domain/buffer.ts';
import {
  FRAME_TOKENS,
  frameContext,
  RECENT_HEADING_TOKENS,
  recentSection,
} from '../../shared/domain/context-frame.ts';
import { ANN, type Bench, count, NOW_MS, openBench } from './retrieval-fixture.ts';

const REQUEST: RecallRequest = {
  scope: ANN,
  maxTokens: 500,
  chats: [],
  preferTopics: [],
  onlyTopics: [],
  maxSubtopicSize: null,
  topicLimits: {},
  profileEventRatio: 0.6,
  timeRangeDays: 180,
  similarityThreshold: 0.2,
  customPrompt: null,
  recent: true,
};

const ask = (bench: Bench, more: Partial<RecallRequest> = {}) =>
  recall({ ...REQUEST, ...more }, { ...bench.deps, slotEmbedder: bench.deps.embedder, settings: SETTINGS });

const SETTINGS = {
  language: 'en',
  timeZone: 'UTC',
  flushIntervalS: 3600,
  bufferTokens: 1024,
  batchTokens: 16384,
  shards: 16,
  llmTimeoutMs: 1,
} as const;

async function buffer(bench: Bench, id: string, content: string, createdMs: number): Promise<void> {
  const message = { role: 'user' as const, content, alias: null, created_at: null };
  const blob = { id, type: 'chat' as const, data: { messages: [message] }, createdMs, fields: null };
  await bench.deps.store.blobs.put(ANN, blob, id, count(content), flushDue(createdMs, 3600));
}

describe('recall', () => {
  test('ends with the messages that still wait for extraction, oldest first, and leaves them out on request', async () => {
    const bench = await openBench();
    await bench.know([{ topic: 'interest', subTopic: 'music', content: 'Plays the guitar' }]);
    await buffer(bench, 'b1', 'I sold my guitar.', NOW_MS - 2000);
    await buffer(bench, 'b2', 'And bought a drum.', NOW_MS - 1000);
    const { context } = await ask(bench);
    expect(context).toContain('- interest::music: Plays the guitar');
    expect(
      context.endsWith(
        '## Recent, not yet processed:\n[2026/11/23] user: I sold my guitar.\n[2026/11/23] user: And bought a drum.\n',
      ),
    ).toBe(true);
    expect((await ask(bench, { recent: false })).context).not.toContain('drum');
  });

  test('chooses profile entries by the question where they do not all fit', async () => {
    const bench = await openBench();
    await bench.know([
      { topic: 'interest', subTopic: 'music', content: 'Plays the guitar', updatedMs: 1 },
      { topic: 'interest', subTopic: 'food', content: 'Loves soup', updatedMs: 2 },
    ]);
    const { context } = await ask(bench, {
      maxTokens: 60,
      chats: [{ content: 'Which instrument do I play?' }],
    });
    expect(context).toContain('guitar');
    expect(context).not.toContain('soup');
  });

  test('gives empty sections to an unknown user, and nothing when not even the frame fits', async () => {
    const bench = await openBench();
    const unknown = await ask(bench, { scope: { projectId: 'shop', userId: 'nobody' } });
    expect(unknown.context).toBe(frameContext({ profile: '', events: '' }, 'en', null));
    expect((await ask(bench, { maxTokens: FRAME_TOKENS.en })).context).toBe('');
  });

  test('never exceeds its budget, frame and recent messages included', async () => {
    const words = fc.constantFrom(
      'guitar',
      'jazz',
      '吉他',
      '爵士',
      'soup',
      '。',
      'in 2024',
      '跑步!!',
      '🎉',
      'e.g.',
    );
    const text = fc.array(words, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(' '));
    const memory = fc.record({
      gists: fc.array(text, { maxLength: 12 }),
      slots: fc.array(text, { maxLength: 8 }),
      recent: fc.array(text, { maxLength: 5 }),
      budget: fc.integer({ min: 45, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(memory, async ({ gists, slots, recent, budget }) => {
        const bench = await openBench();
        await bench.know(slots.map((content, n) => ({ topic: 'topic', subTopic: `s${n}`, content })));
        await bench.remember(
          gists.map((gist, n) => ({ text: gist, mentionedOn: `2026-11-0${(n % 9) + 1}` })),
        );
        for (const [n, content] of recent.entries()) await buffer(bench, `b${n}`, content, NOW_MS - 100 + n);
        const { context } = await ask(bench, { maxTokens: budget, chats: [{ content: 'guitar 吉他' }] });
        expect(count(context)).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 60 },
    );
  });

  test('reserves for frame and heading no less than they take', () => {
    for (const language of ['en', 'zh'] as const) {
      const frame = frameContext({ profile: 'X', events: 'Y' }, language, null);
      expect(count(frame) - 2).toBeLessThanOrEqual(FRAME_TOKENS[language]);
      expect(count(recentSection(['X'], language)) - 2).toBeLessThanOrEqual(RECENT_HEADING_TOKENS);
    }
  });
});
