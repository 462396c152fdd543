import { describe, expect, test } from 'vitest';
import { eventSection, takeGists } from '../../shared/domain/event-section.ts';
import type { Gist } from '../../shared/domain/memory.ts';

function gist(id: string, tokens: number, mentionedOn: string | null, more: Partial<Gist> = {}): Gist {
  return {
    id,
    eventId: 'e',
    text: `text of ${id}`,
    kind: 'event',
    mentionedOn,
    happenedFrom: null,
    happenedTo: null,
    sources: [],
    tokens,
    createdMs: 1,
    ...more,
  };
}
const idsOf = (gists: readonly Gist[]) => gists.map(({ id }) => id);

describe('taking gists for a budget', () => {
  test('pays one heading for each day', () => {
    const gists = [gist('a', 10, '2023-05-01'), gist('b', 10, '2023-05-01'), gist('c', 10, '2023-05-02')];
    expect([idsOf(takeGists(gists, 44)), idsOf(takeGists(gists, 43))]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b'],
    ]);
  });

  test('pays no heading for a gist without a day', () => {
    expect(idsOf(takeGists([gist('a', 10, null)], 10))).toEqual(['a']);
  });

  test('passes over one that does not fit and goes on with smaller ones', () => {
    const gists = [gist('a', 10, null), gist('large', 90, null), gist('small', 5, null)];
    expect(idsOf(takeGists(gists, 20))).toEqual(['a', 'small']);
  });

  test('takes nothing for no budget', () => {
    expect(takeGists([gist('a', 1, null)], 0)).toEqual([]);
  });

  test('keeps a token in reserve for a line that may count more without its break', () => {
    expect(takeGists([gist('a', 10, null, { text: 'say("hi!");' })], 10)).toEqual([]);
  });
});

describe('the event section', () => {
  test('groups by day in order of time, gists without a day first', () => {
    const section = eventSection([
      gist('c', 1, '2023-05-02'),
      gist('b2', 1, '2023-05-01', { createdMs: 2 }),
      gist('b1', 1, '2023-05-01'),
      gist('a', 1, null),
    ]);
    expect(section).toBe('- text of a\n2023-05-01\n- text of b1\n- text of b2\n2023-05-02\n- text of c');
  });

  test('files a gist under the day it happened rather than the day it was told', () => {
    expect(eventSection([gist('a', 1, '2023-05-02', { happenedFrom: '2022-12-24' })])).toBe(
      '2022-12-24\n- text of a',
    );
  });

  test('takes something that is no day for none', () => {
    expect(eventSection([gist('a', 1, 'last week')])).toBe('- text of a');
  });

  test('is empty for no gists', () => {
    expect(eventSection([])).toBe('');
  });
});
