import { describe, expect, test } from 'vitest';
import type { Tense } from '../../scripts/offline-model/calendar.ts';
import { type DateRule, findDates } from '../../scripts/offline-model/date-mention.ts';
import { ENGLISH_DATES } from '../../scripts/offline-model/dates-en.ts';
import { CHINESE_DATES } from '../../scripts/offline-model/dates-zh.ts';

function resolve(rules: readonly DateRule[], text: string, day: string, tense: Tense): string[] {
  return findDates(text, rules, { day, tense }).map(({ span }) => `${span.from}..${span.to}`);
}

describe('English dates', () => {
  test.each<[string, string, Tense, string]>([
    ['the day before yesterday', '2025-01-01', null, '2024-12-30..2024-12-30'],
    ['yesterday', '2024-03-01', null, '2024-02-29..2024-02-29'],
    ['tomorrow', '2024-12-31', null, '2025-01-01..2025-01-01'],
    ['three days ago', '2024-01-02', null, '2023-12-30..2023-12-30'],
    ['last month', '2024-01-15', null, '2023-12-01..2023-12-31'],
    ['next month', '2023-12-31', null, '2024-01-01..2024-01-31'],
    ['two months ago', '2024-01-15', null, '2023-11-01..2023-11-30'],
    ['last year', '2024-01-01', null, '2023-01-01..2023-12-31'],
    ['last week', '2025-01-01', null, '2024-12-23..2024-12-29'],
    ['in two weeks', '2024-12-24', 'future', '2025-01-06..2025-01-12'],
    ['last weekend', '2024-04-29', null, '2024-04-27..2024-04-28'],
    ['last Friday', '2024-04-30', null, '2024-04-26..2024-04-26'],
    ['last Friday', '2024-04-26', null, '2024-04-19..2024-04-19'],
    ['last Friday', '2024-04-27', null, '2024-04-26..2024-04-26'],
    ['this Friday', '2024-04-30', null, '2024-05-03..2024-05-03'],
    ['next Friday', '2024-04-30', null, '2024-05-10..2024-05-10'],
    ['next Friday', '2024-05-05', null, '2024-05-10..2024-05-10'],
    ['on Friday', '2024-04-30', 'past', '2024-04-26..2024-04-26'],
    ['on Friday', '2024-05-03', 'future', '2024-05-10..2024-05-10'],
    ['on December 30', '2024-01-02', 'past', '2023-12-30..2023-12-30'],
    ['on 2nd of January', '2024-12-30', 'future', '2025-01-02..2025-01-02'],
    ['on May 7th, 2021', '2024-04-30', null, '2021-05-07..2021-05-07'],
    ['on Feb. 29', '2023-03-01', 'past', '2020-02-29..2020-02-29'],
    ['last May', '2024-05-20', null, '2023-05-01..2023-05-31'],
    ['in May', '2024-04-30', 'past', '2023-05-01..2023-05-31'],
    ['in 2019', '2024-04-30', null, '2019-01-01..2019-12-31'],
  ])('%s, said on %s (%s)', (text, day, tense, span) => {
    expect(resolve(ENGLISH_DATES, text, day, tense)).toEqual([span]);
  });

  test.each<[string, Tense]>([
    ["last week's show", null],
    ['every Friday', 'past'],
    ['on Fridays', 'past'],
    ['on Friday', null],
    ['I may go', 'future'],
    ['on February 30, 2024', null],
    ['he did it in three days', 'past'],
  ])('%s (%s) names no day', (text, tense) => {
    expect(resolve(ENGLISH_DATES, text, '2024-04-30', tense)).toEqual([]);
  });
});

describe('Chinese dates', () => {
  test.each<[string, string, Tense, string]>([
    ['前天', '2025-01-01', null, '2024-12-30..2024-12-30'],
    ['大前天', '2024-03-02', null, '2024-02-28..2024-02-28'],
    ['后天', '2024-12-30', null, '2025-01-01..2025-01-01'],
    ['十二天前', '2024-01-05', null, '2023-12-24..2023-12-24'],
    ['两周后', '2024-12-24', null, '2025-01-06..2025-01-12'],
    ['三个月前', '2024-02-10', null, '2023-11-01..2023-11-30'],
    ['上周三', '2024-04-30', null, '2024-04-24..2024-04-24'],
    ['上周三', '2025-01-01', null, '2024-12-25..2024-12-25'],
    ['上周日', '2024-04-30', null, '2024-04-28..2024-04-28'],
    ['上上个星期五', '2024-04-30', null, '2024-04-19..2024-04-19'],
    ['这周末', '2024-04-30', null, '2024-05-04..2024-05-05'],
    ['下周一', '2024-12-29', null, '2024-12-30..2024-12-30'],
    ['下礼拜天', '2024-04-30', null, '2024-05-12..2024-05-12'],
    ['上周', '2024-01-03', null, '2023-12-25..2023-12-31'],
    ['上个月', '2024-01-31', null, '2023-12-01..2023-12-31'],
    ['下个月5号', '2024-12-31', null, '2025-01-05..2025-01-05'],
    ['去年', '2024-01-01', null, '2023-01-01..2023-12-31'],
    ['去年十月一日', '2024-04-30', null, '2023-10-01..2023-10-01'],
    ['明年3月', '2024-04-30', null, '2025-03-01..2025-03-31'],
    ['2021年5月7日', '2024-04-30', null, '2021-05-07..2021-05-07'],
    ['12月30日', '2024-01-02', 'past', '2023-12-30..2023-12-30'],
    ['1月2号', '2024-12-30', 'future', '2025-01-02..2025-01-02'],
    ['周五', '2024-04-30', 'past', '2024-04-26..2024-04-26'],
    ['周五', '2024-05-03', 'future', '2024-05-10..2024-05-10'],
  ])('%s, said on %s (%s)', (text, day, tense, span) => {
    expect(resolve(CHINESE_DATES, text, day, tense)).toEqual([span]);
  });

  test.each<[string, Tense]>([
    ['每周三', 'past'],
    ['周末', 'past'],
    ['周五', null],
    ['今年28岁', null],
    ['晚上月亮很圆', null],
    ['三个月', 'past'],
    ['2024年2月30日', null],
  ])('%s (%s) names no day', (text, tense) => {
    expect(resolve(CHINESE_DATES, text, '2024-04-30', tense)).toEqual([]);
  });
});
