import { describe, expect, test } from 'vitest';
import type { MergeDecision } from '../../shared/domain/extraction.ts';
import type { Slot } from '../../shared/domain/memory.ts';
import { mergeProfile, planFacts, tidyFacts } from '../../shared/domain/merge.ts';

const slot = (topic: string, subTopic: string, content: string, updatedMs = 1): Slot => ({
  id: `${topic}/${subTopic}/${updatedMs}`,
  topic,
  subTopic,
  content,
  attributes: {},
  hits: 1,
  tokens: 3,
  createdMs: 1,
  updatedMs,
  sources: ['b0'],
});
const fact = (memo: string, topic = 'interest', sub_topic = 'music') => ({ topic, sub_topic, memo });
const tools = {
  nowMs: 9,
  slotId: (ordinal: number) => `new-${ordinal}`,
  countTokens: (text: string) => text.length,
  sources: ['b1'],
};

function merge(slots: readonly Slot[], memo: string, decision?: Pick<MergeDecision, 'action' | 'memo'>) {
  const decisions = new Map(decision === undefined ? [] : [[0, { fact: 0, ...decision }]]);
  return mergeProfile(slots, planFacts(slots, [fact(memo)]), decisions, tools);
}
const contents = ({ slots }: { slots: readonly Slot[] }) => slots.map(({ content }) => content);

describe('facts', () => {
  test('have their names unified and equal ones joined, blank ones left out', () => {
    const facts = [
      fact('jazz', ' Interest ', 'Live Music'),
      fact('blues', 'interest', 'live_music'),
      fact(' '),
    ];
    expect(tidyFacts(facts)).toEqual([fact('jazz; blues', 'interest', 'live_music')]);
  });

  test('that meet a slot collide with its oldest', () => {
    const slots = [slot('interest', 'music', 'new', 5), slot('Interest', 'Music', 'old', 2)];
    const { fresh, collisions } = planFacts(slots, [fact('jazz'), fact('tea', 'diet', 'drinks')]);
    expect(collisions.map((collision) => collision.slot.content)).toEqual(['old']);
    expect(fresh).toEqual([fact('tea', 'diet', 'drinks')]);
  });
});

describe('a fact that meets nothing', () => {
  test('becomes a slot', () => {
    const merged = merge([], 'jazz');
    expect(merged.added).toEqual(['new-0']);
    expect(merged.slots).toMatchObject([
      { topic: 'interest', subTopic: 'music', content: 'jazz', hits: 1, createdMs: 9, sources: ['b1'] },
    ]);
    expect(merged.delta).toEqual([
      { content: 'jazz', attributes: { topic: 'interest', sub_topic: 'music' } },
    ]);
  });
});

describe('a fact that meets a slot', () => {
  const jazz = [slot('interest', 'music', 'jazz')];

  test('is appended where the model says so, and where it says nothing', () => {
    expect(contents(merge(jazz, 'blues', { action: 'append', memo: '' }))).toEqual(['jazz; blues']);
    expect(contents(merge(jazz, 'blues', { action: 'append', memo: 'the blues' }))).toEqual([
      'jazz; the blues',
    ]);
    expect(contents(merge(jazz, 'blues'))).toEqual(['jazz; blues']);
  });

  test('replaces it where the model says so, but never by nothing', () => {
    const merged = merge(jazz, 'blues', { action: 'update', memo: 'jazz and blues' });
    expect(contents(merged)).toEqual(['jazz and blues']);
    expect(merged.updated).toEqual(['interest/music/1']);
    expect(merged.slots).toMatchObject([{ hits: 2, updatedMs: 9, createdMs: 1, sources: ['b0', 'b1'] }]);
    expect(contents(merge(jazz, 'blues', { action: 'update', memo: ' ' }))).toEqual(['jazz; blues']);
  });

  test('changes nothing where the model gives it up or it is known', () => {
    expect(merge(jazz, 'blues', { action: 'abort', memo: '' })).toMatchObject({ updated: [], delta: [] });
    expect(merge(jazz, 'jazz')).toMatchObject({ updated: [], delta: [] });
  });

  test('is known only as a whole part, not as a piece of another', () => {
    const dislikes = [slot('interest', 'music', 'dislikes jazz; plays golf')];
    expect(contents(merge(dislikes, 'likes jazz'))).toEqual(['dislikes jazz; plays golf; likes jazz']);
    expect(contents(merge(dislikes, 'plays golf'))).toEqual(['dislikes jazz; plays golf']);
  });

  test('in Chinese is joined by the Chinese mark', () => {
    const guitar = [slot('interest', 'music', '弹吉他')];
    expect(contents(merge(guitar, '听爵士乐'))).toEqual(['弹吉他；听爵士乐']);
    expect(contents(merge([slot('interest', 'music', '弹吉他；听爵士乐')], '听爵士乐'))).toEqual([
      '弹吉他；听爵士乐',
    ]);
  });

  test('keeps marks of the memory itself', () => {
    expect(contents(merge(jazz, 'a; b :: c'))).toEqual(['jazz; a; b :: c']);
  });
});
