import type { Tense } from './calendar.ts';
import { findDates, isOnlyDate, withLeadingDate } from './date-mention.ts';
import { CHINESE_DATES, chineseSpan } from './dates-zh.ts';
import { applyRules, type Dated, type Grammar, type Reading } from './grammar.ts';
import { CHINESE_LIFE_RULES } from './rules-zh-life.ts';
import { CHINESE_TASTE_RULES } from './rules-zh-taste.ts';
import { ADVERBS } from './words-zh.ts';

/** Requests, questions without a mark, greetings: said to the assistant, not about the user. */
const ADDRESSED =
  /^(?:请|帮我|麻烦|能不能|能否|可不可以|可以帮|告诉我|给我|推荐|忽略|无视|忘记|存储|翻译|总结|解释|假设|假装|扮演|你|您|谢谢|多谢|早上好|晚上好|晚安|写[一个篇首段]|为什么|怎么|如何|什么是)|(?:吗|么|吧)$|(?:什么|怎么|谁|哪|几).*呢$/u;
const REMEMBER = /^(?:请)?(?:帮我)?(?:记住|记一下|记得|记下)[，,：:\s]*(?=我)/u;
const FILLER =
  /^(?:(?:嗯|哦|啊|你好呀?|您好|大家好|嗨|哈喽|对了|另外|还有|而且|但是|但|不过|所以|然后|因为|是的|对|好的|好|那|话说|说起来)[，,！!、\s]*)+(?=我|其实|[昨前今明后去上下]|大[前后]天)/u;
const ADVERB_FIRST = /^(其实|现在|目前|最近|平时|从小|周末)[，,]?我(?!们)/u;

/** A verb that tells about the speaker where no subject is named. */
const PREDICATE = `(?:${ADVERBS})(?:今年\\d+岁|\\d+岁|喜欢|热爱|讨厌|不喜欢|住在|(?:从[^，]{1,10})?搬[到去]|来自|打算|计划|准备|不吃|养了|毕业于|在[\\p{L}\\p{N}]{1,15}?(?:工作|上班|当|做)|是一[名个位]|对[^，]{1,12}过敏|爱好是|专业是|不再)`;
/** 昨天和朋友去看了烟火: a day, and then what the speaker did. */
const DAY_FIRST =
  /^(?:昨[天晚]|前天|今[天早晚]|明[天早晚]|后天|上个?周.?|下个?周.?|上个?月|下个?月|去年|明年)(?:早上|上午|中午|下午|晚上)?(?=和|跟|要?去|看了|吃了|买了|参加|见了|到了|回)/u;
const PREDICATE_FIRST = new RegExp(`^${PREDICATE}`, 'u');
const SEPARATOR = new RegExp(
  `(?=[，,](?:(?:而且|但是|但|不过|然后|所以|后来|同时|并且|也)?(?:我|其实我|现在我)|${PREDICATE}))`,
  'u',
);
const LEADING_SEPARATOR = /^[，,]\s*(?:而且|但是|但|不过|然后|所以|后来|同时|并且)?/u;

const FUTURE = /打算|计划|准备|(?<![需重主])要(?!求|是)|将|(?<![开聚约学])会(?!议)|想(?!起|到)/u;
const PAST = /了|过(?!敏)|刚/u;
/** "No longer" holds from now on; it is no event. */
const ENDED = /不[^，]*了$/u;
const TIMELESS = /生日|出生|纪念日/u;
const PLAN = new RegExp(`^我们?${ADVERBS}(?:打算|计划|准备|要|将|会去|想去|想要|希望|想)`, 'u');

function dated(clause: string, day: string, tense: Tense): Dated {
  const mentions = findDates(clause, CHINESE_DATES, { day, tense });
  let text = '';
  let end = 0;
  for (const { span, start, end: next } of mentions) {
    text += clause.slice(end, start) + chineseSpan(span);
    end = next;
  }
  text += clause.slice(end);
  const [first] = mentions;
  const lead = first?.start === 0 ? chineseSpan(first.span) : '';
  const about = text.slice(lead.length).replace(/^[，,\s]+/u, '');
  return {
    text: lead !== '' && /^我(?!们|[的家])/u.test(about) ? `我${lead}${about.slice(1)}` : text,
    spans: mentions.map(({ span, start }) =>
      /[从自]$/u.test(clause.slice(0, start)) ? { ...span, to: null } : span,
    ),
  };
}

/** The clause without 我 at its start. */
const told = (clause: string): string => clause.replace(/^我(?!们)的?/u, '').replace(/(?<!自)我/gu, '用户');

function read(clause: string): Reading {
  const facts = applyRules([...CHINESE_LIFE_RULES, ...CHINESE_TASTE_RULES], clause, told(clause));
  if (PLAN.test(clause)) return { kind: 'plan', facts, telling: clause.length > 6 };
  const past = /^我/u.test(clause) && PAST.test(clause) && !ENDED.test(clause);
  return { kind: past ? 'event' : 'fact', facts, telling: past && clause.length > 6 };
}

export const CHINESE: Grammar = {
  isAddressed: (sentence) => ADDRESSED.test(CHINESE.plainly(sentence)),
  plainly: (sentence) => sentence.replace(FILLER, '').replace(REMEMBER, '').replace(ADVERB_FIRST, '我$1'),
  split: (sentence) => withLeadingDate(sentence.split(SEPARATOR), (part) => isOnlyDate(part, CHINESE_DATES)),
  alone(part, isFirst) {
    const text = part.replace(isFirst ? '' : LEADING_SEPARATOR, '');
    return PREDICATE_FIRST.test(text) || DAY_FIRST.test(text) ? `我${text}` : text;
  },
  tenseOf(clause) {
    if (TIMELESS.test(clause)) return null;
    if (FUTURE.test(clause)) return 'future';
    return PAST.test(clause) ? 'past' : null;
  },
  dated,
  read,
  retold(clause, name) {
    const subject = name ?? '用户';
    const seen = clause.replace(/(?<!自)我们(?=公司|家|学校|班|部门|团队|小区|老板|领导)/gu, `${subject}的`);
    if (!/(?<!自)我|用户/u.test(clause)) return `${subject}：${clause}。`;
    return `${seen.replace(/(?<!自)我们/gu, `${subject}等人`).replace(/(?<!自)我/gu, subject)}。`;
  },
};
