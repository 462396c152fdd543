import { describe, expect, test } from 'vitest';
import { mergeProfile } from '../../scripts/offline-model/merge.ts';

interface Question {
  readonly topic?: string;
  readonly sub_topic: string;
  readonly memo: string;
  readonly current: string;
}

function decided(...questions: Question[]): string[] {
  const lines = questions.map((question, fact) => JSON.stringify({ fact, topic: 'any', ...question }));
  const answer = mergeProfile(`<facts>\n${lines.join('\n')}\n</facts>`);
  return (answer?.decisions ?? []).map(({ fact, action, memo }) => `${fact} ${action} ${memo}`.trim());
}

describe('a new fact meets what the profile holds', () => {
  test.each([
    ['what is known already', 'music', 'Likes jazz', 'likes jazz.', '0 abort'],
    ['what is part of the known', 'city', 'Berlin', 'Berlin, Germany', '0 abort'],
    ['one of several known', 'music', 'Likes jazz', 'Plays the guitar; Likes jazz', '0 abort'],
    ['known in Chinese', '音乐', '喜欢爵士乐', '最喜欢爵士乐', '0 abort'],
    ['something more', 'music', 'Likes fado', 'Likes jazz', '0 append Likes fado'],
    ['something more in Chinese', '音乐', '喜欢古典乐', '喜欢爵士乐', '0 append 喜欢古典乐'],
    ['the part of it that is new', 'music', 'Likes jazz; Likes fado', 'Likes jazz', '0 append Likes fado'],
    ['another city', 'city', 'Munich', 'Berlin', '0 update Munich'],
    ['a city in Chinese', '城市', '上海', '北京', '0 update 上海'],
    ['an age that looks alike', 'age', '28', '128', '0 update 28'],
    ['a job that ended', 'company', 'No longer works at Acme', 'Acme', '0 update No longer works at Acme'],
    ['a taste that ended', 'music', 'No longer likes jazz', 'Likes jazz', '0 update No longer likes jazz'],
    [
      'a taste that ended among others',
      'music',
      'No longer likes jazz',
      'Likes jazz; Plays the guitar',
      '0 update Plays the guitar; No longer likes jazz',
    ],
    ['the opposite, which is not part of it', 'music', 'Likes jazz', 'Dislikes jazz', '0 update Likes jazz'],
    ['the opposite in Chinese', '音乐', '喜欢爵士乐', '不喜欢爵士乐', '0 update 喜欢爵士乐'],
    [
      'a Chinese taste that ended',
      '运动',
      '不再喜欢跑步',
      '喜欢跑步；喜欢爬山',
      '0 update 喜欢爬山；不再喜欢跑步',
    ],
    ['a correction', '美食', '其实更喜欢喝茶', '喜欢喝茶', '0 update 其实更喜欢喝茶'],
    [
      'a dislike of something else',
      'foods',
      'Dislikes cilantro',
      'Likes sushi',
      '0 append Dislikes cilantro',
    ],
    ['nothing yet', 'music', 'Likes jazz', '', '0 append Likes jazz'],
  ])('%s', (_case, sub_topic, memo, current, decision) => {
    expect(decided({ sub_topic, memo, current })).toEqual([decision]);
  });
});

test('every number is answered exactly once', () => {
  const line = (fact: number, memo: string): string =>
    JSON.stringify({ fact, topic: 'interest', sub_topic: 'music', memo, current: 'Likes jazz' });
  const request = `<facts>\n${line(3, 'Likes fado')}\nnot JSON\n${line(1, 'Likes jazz')}\n${line(3, 'Likes rock')}\n</facts>`;
  expect(mergeProfile(request)).toEqual({
    decisions: [
      { fact: 3, action: 'append', memo: 'Likes fado' },
      { fact: 1, action: 'abort', memo: '' },
    ],
  });
});
