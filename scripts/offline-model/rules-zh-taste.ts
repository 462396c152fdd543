import type { FactRule } from './grammar.ts';
import { namesInterest, tasteFact, tasteFacts } from './interests.ts';
import { factOf, type SlotName } from './topics.ts';
import { ADVERBS, me } from './words-zh.ts';

const LIKE = '喜欢|热爱|喜爱|酷爱|偏爱|爱好|迷上了?|痴迷于?|沉迷于?|享受|爱上了?|爱(?!人|情)';
/** What a chat partner "likes" about the answer is not a taste. */
const OBJECT = '(?!你|您|这|那|它|他|她)(.+)$';

const whole = (slot: SlotName, pattern: RegExp): FactRule => ({
  pattern,
  facts: (_match, told) => [factOf(slot, 'zh', told)],
});

const TASTES: readonly FactRule[] = [
  {
    pattern: me(`(?:${LIKE})(?!.*的(?:${'是|就是'}))${OBJECT}`),
    facts: ([, object = ''], told) =>
      told.endsWith(object)
        ? tasteFacts('zh', told.slice(0, -object.length), object)
        : [tasteFact('zh', told, told)],
  },
  {
    pattern: /^我最(?:喜欢|爱)的(.{1,12}?)(?:就)?是(.+)$/u,
    facts: ([, kind = '', value = '']) => [tasteFact('zh', kind + value, `最喜欢的${kind}是${value}`)],
  },
  {
    pattern: /^我的?(?:爱好|兴趣)(?:爱好)?(?:就)?是(.+)$/u,
    facts: ([, object = '']) => tasteFacts('zh', '爱好', object),
  },
  {
    pattern: me(`(?:对)(.{1,15}?)(?:${ADVERBS})(不)?(?:太)?(?:感兴趣|有兴趣)`),
    facts: ([, object = '', not], told) => [
      tasteFact('zh', object, not === undefined ? told : `对${object}不感兴趣`),
    ],
  },
  {
    pattern: me(`(?:不(?:是)?(?:太|怎么|大)?(?:喜欢|爱)|讨厌|厌恶|反感|受不了)(?!.*了$)${OBJECT}`),
    facts: ([, object = ''], told) => [tasteFact('zh', object, told)],
  },
  {
    pattern: me('(?:不(?:再)?|没那么)(喜欢|爱|玩|弹|听|看|踢|打)(.*?)了$'),
    facts: ([, verb = '', object = '']) => [tasteFact('zh', verb + object, `不再${verb}${object}`)],
  },
  {
    pattern: me('不再(喜欢|爱|玩|弹|听|看|踢|打)(.*?)(?<!了)$'),
    facts: ([, verb = '', object = '']) => [tasteFact('zh', verb + object, `不再${verb}${object}`)],
  },
  {
    pattern: me(
      '(?:会|在|开始)?(?:弹|拉(?![面肚])|吹|踢|打(?![算电车扫折开针])|玩|练|(学)(?![校生期院]))习?(?:了|着)?(?!了$)(.+)$',
    ),
    facts: ([, learnt, object = ''], told) =>
      learnt !== undefined || namesInterest(object) ? [tasteFact('zh', object, told)] : [],
  },
];

const HABITS: readonly FactRule[] = [
  whole('health', me('(?:对)?.{1,20}?过敏(?:$|，)')),
  whole(
    'diet',
    me('(?:是)?(?:一个|个)?(?:吃素|素食|素食者|素食主义者|纯素|乳糖不耐受?)(?=[，,了]|者|主义|$)'),
  ),
  whole('diet', me('(?:不能|不|从不)(?:吃|喝)(?!.*了$).+$')),
  {
    pattern: me('不(?:再)?(吃|喝|抽)(.+?)了?$'),
    facts: ([clause, verb = '', object = '']) =>
      /再|了$/.test(clause) ? [factOf('diet', 'zh', `不再${verb}${object}`)] : [],
  },
  {
    pattern: me('(?:把(.{1,6}))?戒(?:掉)?了?(.{0,8}?)(?:了)?$'),
    facts: ([, before, after = '']) => {
      const what = before ?? after;
      return what === '' ? [] : [factOf(what.includes('烟') ? 'health' : 'diet', 'zh', `戒了${what}`)];
    },
  },
];

const GOALS: readonly FactRule[] = [
  whole(
    'goal',
    me('(?:希望|想|打算|计划)(?:能|要)?(?:学|成为|当|开一|创业|考|减肥|环游|写一|学会|搬|提高|坚持)'),
  ),
  {
    pattern: /^我的?(?:目标|梦想|愿望)(?:就)?是(.+)$/u,
    facts: ([, goal = '']) => [factOf('goal', 'zh', goal)],
  },
];

/** What the user likes, avoids and aims at. */
export const CHINESE_TASTE_RULES: readonly FactRule[] = [...TASTES, ...HABITS, ...GOALS];
