import { describe, expect, test } from 'vitest';
import { withoutDuplicates } from '../../shared/domain/duplicates.ts';
import { rankGists } from '../../shared/domain/gist-ranking.ts';
import type { Gist } from '../../shared/domain/memory.ts';

function gist(id: string, text: string, more: Partial<Gist> = {}): Gist {
  return {
    id,
    eventId: id,
    text,
    kind: 'event',
    mentionedOn: null,
    happenedFrom: null,
    happenedTo: null,
    sources: [],
    tokens: 10,
    createdMs: 1,
    ...more,
  };
}
const fusedEqually = (gists: readonly Gist[]) => new Map(gists.map(({ id }) => [id, 0.01]));
const idsOf = (ranked: readonly { gist: Gist }[]) => ranked.map((scored) => scored.gist.id);

describe('the ranking of gists', () => {
  test('follows the fused scores where nothing else tells them apart', () => {
    const gists = [gist('a', 'walked home'), gist('b', 'ate soup')];
    const fused = new Map([
      ['a', 0.01],
      ['b', 0.03],
    ]);
    expect(idsOf(rankGists({ gists, fused, query: '', days: [] }))).toEqual(['b', 'a']);
  });

  test('raises what was told on a named day, and what happened over it', () => {
    const gists = [
      gist('z', 'one'),
      gist('told', 'two', { mentionedOn: '2023-05-08' }),
      gist('during', 'three', {
        happenedFrom: '2023-05-01',
        happenedTo: '2023-05-10',
        mentionedOn: '2023-06-01',
      }),
      gist('later', 'four', { mentionedOn: '2023-05-09' }),
    ];
    const days = [{ from: '2023-05-08', to: '2023-05-08' }];
    const ranked = rankGists({ gists, fused: fusedEqually(gists), query: '', days }, ONLY_DAYS);
    expect(idsOf(ranked)).toEqual(['told', 'during', 'z', 'later']);
  });

  test('raises the neighbours of the best hits within the same event', () => {
    const gists = ['1', '2', '3', '4', '5', '6', '7', '8'].map((id) =>
      gist(id, `word${id}`, { eventId: Number(id) <= 4 ? 'first' : 'second' }),
    );
    const fused = new Map(gists.map(({ id }) => [id, id === '4' ? 0.05 : 0]));
    for (const id of ['a', 'b', 'c', 'd']) {
      gists.push(gist(id, `other${id}`));
      fused.set(id, 0.02);
    }
    const ranked = rankGists({ gists, fused, query: '', days: [] }, ONLY_NEIGHBOURS);
    expect(idsOf(ranked).slice(5)).toEqual(['3', '2', '8', '7', '6', '5', '1']);
  });

  test('raises what shares telling words with the best hits', () => {
    const gists = [
      gist('hit', 'ann joined a pottery class'),
      gist('alike', 'the pottery kiln cracked'),
      gist('unlike', 'bought new shoes'),
      ...Array.from({ length: 10 }, (_, index) => gist(`filler${index}`, `filler${index} text`)),
    ];
    const fused = new Map(gists.map(({ id }) => [id, id === 'hit' || id.startsWith('filler') ? 0.02 : 0.01]));
    fused.set('hit', 0.05);
    const ranked = idsOf(rankGists({ gists, fused, query: 'ann', days: [] }));
    expect(ranked.indexOf('alike')).toBeLessThan(ranked.indexOf('unlike'));
  });

  test('is the same whatever order the gists come in', () => {
    const gists = [gist('a', 'walked home'), gist('b', 'ate soup'), gist('c', 'ate soup at home')];
    const fused = fusedEqually(gists);
    const forwards = rankGists({ gists, fused, query: 'soup', days: [] });
    const backwards = rankGists({ gists: [...gists].reverse(), fused, query: 'soup', days: [] });
    expect(idsOf(backwards)).toEqual(idsOf(forwards));
  });
});

const ONLY_DAYS = { namedDay: 0.015, neighbour: 0, feedback: 0 };
const ONLY_NEIGHBOURS = { namedDay: 0, neighbour: 0.01, feedback: 0 };

describe('near-identical gists', () => {
  const scored = (...gists: Gist[]) =>
    rankGists({
      gists,
      fused: new Map(gists.map(({ id }, index) => [id, 1 - index / 10])),
      query: '',
      days: [],
    });

  test('are shown once, the newest of them in the best place', () => {
    const ranked = scored(
      gist('old', 'Ann likes green tea.', { kind: 'fact', mentionedOn: '2023-01-01' }),
      gist('other', 'Ann likes coffee.', { kind: 'fact' }),
      gist('new', 'ann liked green tea!', { kind: 'fact', mentionedOn: '2023-02-01', createdMs: 2 }),
    );
    expect(idsOf(withoutDuplicates(ranked))).toEqual(['new', 'other']);
  });

  test('are kept apart when they are events of different days', () => {
    const ranked = scored(
      gist('may', 'Ann went running.', { happenedFrom: '2023-05-01' }),
      gist('june', 'Ann went running.', { happenedFrom: '2023-06-01' }),
    );
    expect(idsOf(withoutDuplicates(ranked))).toEqual(['may', 'june']);
  });

  test('are kept apart when one negates the other or swaps who did it', () => {
    const ranked = scored(
      gist('a', 'Ann does not eat fish', { kind: 'fact' }),
      gist('b', 'Ann does eat fish', { kind: 'fact' }),
      gist('c', 'Ann taught Bob', { kind: 'fact' }),
      gist('d', 'Bob taught Ann', { kind: 'fact' }),
    );
    expect(withoutDuplicates(ranked)).toHaveLength(4);
  });
});
