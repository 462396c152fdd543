import { describe, expect, test } from 'vitest';
import { questionDates } from '../../shared/domain/question-dates.ts';

/** A Monday. */
const TODAY = '2026-11-23';

function named(question: string): string[] {
  return questionDates(question, TODAY).map(({ from, to }) => (from === to ? from : `${from}..${to}`));
}

describe('an English question names', () => {
  test.each<[string, string[]]>([
    ['What happened on 8 May 2023?', ['2023-05-08']],
    ['What did she paint on October 13th, 2023?', ['2023-10-13']],
    ['What is planned for 2027-01-31?', ['2027-01-31']],
    ['What did we do in May 2023?', ['2023-05-01..2023-05-31']],
    ['What happened in 2023-05?', ['2023-05-01..2023-05-31']],
    ['How often did I run in 2023?', ['2023-01-01..2023-12-31']],
    ['What did I do last May?', ['2026-05-01..2026-05-31']],
    ['What did I do last week?', ['2026-11-16..2026-11-22']],
    ['Where was I last weekend?', ['2026-11-21..2026-11-22']],
    ['What is on next week?', ['2026-11-30..2026-12-06']],
    ['What did I eat yesterday?', ['2026-11-22']],
    ['And the day before yesterday?', ['2026-11-21']],
    ['Whom did I meet last Friday?', ['2026-11-20']],
    ['Whom did I meet on Monday?', ['2026-11-16']],
    ['What did I buy two weeks ago?', ['2026-11-09..2026-11-15']],
    ['What did I buy 3 months ago?', ['2026-08-01..2026-08-31']],
    ['Where did we go last summer?', ['2026-06-01..2026-08-31']],
    ['Where did we go in the winter of 2024?', ['2024-12-01..2025-02-28']],
    ['Who came to Thanksgiving 2023?', ['2023-11-23']],
    ['What did they do the week before 9 June 2023?', ['2023-06-02..2023-06-09']],
    ['What did they adopt two weeks before August 11, 2023?', ['2023-07-28..2023-08-11']],
  ])('the days of: %s', (question, days) => {
    expect(named(question)).toEqual(days);
  });

  test('a day without a year in the coming and in recent years', () => {
    expect(named('What did I do on May 7?')).toEqual([
      '2027-05-07',
      '2026-05-07',
      '2025-05-07',
      '2024-05-07',
      '2023-05-07',
      '2022-05-07',
      '2021-05-07',
    ]);
  });

  test.each([
    'What may I do?',
    'Did they march against it?',
    'Who will spring to help?',
    'My number is 555-2023-1',
    'What happened on 31 February 2023?',
    'How are you?',
    '',
  ])('no day in: %s', (question) => {
    expect(named(question)).toEqual([]);
  });
});

describe('a Chinese question names', () => {
  test.each<[string, string[]]>([
    ['2023年5月7日发生了什么', ['2023-05-07']],
    ['二〇二三年五月七号发生了什么', ['2023-05-07']],
    ['2023年5月做了什么', ['2023-05-01..2023-05-31']],
    ['2024年去过哪里', ['2024-01-01..2024-12-31']],
    ['我上周三见了谁', ['2026-11-18']],
    ['上上周末去哪了', ['2026-11-14..2026-11-15']],
    ['下个星期天有什么安排', ['2026-12-06']],
    ['这周要做什么', ['2026-11-23..2026-11-29']],
    ['上个月15号买了什么', ['2026-10-15']],
    ['去年国庆去了哪里', ['2025-10-01..2025-10-07']],
    ['前年春节在哪儿过的', ['2024-02-09..2024-02-16']],
    ['去年夏天学了什么', ['2025-06-01..2025-08-31']],
    ['去年十二月二十五日收到什么礼物', ['2025-12-25']],
    ['三天前吃了什么', ['2026-11-20']],
    ['两个月前买了什么', ['2026-09-01..2026-09-30']],
    ['昨天聊了什么', ['2026-11-22']],
    ['周五开了什么会', ['2026-11-20']],
  ])('the days of: %s', (question, days) => {
    expect(named(question)).toEqual(days);
  });

  test('a month without a year in the coming and in recent years', () => {
    expect(named('五月份去了哪里').slice(0, 3)).toEqual([
      '2027-05-01..2027-05-31',
      '2026-05-01..2026-05-31',
      '2025-05-01..2025-05-31',
    ]);
  });

  test('the Mid-Autumn day of each year by the Chinese calendar', () => {
    expect(named('中秋节和谁一起过').slice(1, 4)).toEqual(['2026-09-25', '2025-10-06', '2024-09-17']);
  });

  test.each(['一周一次的课', '每周三的课', '三个月大的猫', '我周末喜欢做什么', '你好'])(
    'no day in: %s',
    (question) => {
      expect(named(question)).toEqual([]);
    },
  );
});
