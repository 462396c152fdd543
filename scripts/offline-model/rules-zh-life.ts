import type { FactRule } from './grammar.ts';
import { CHINESE_COUNT, chineseCount } from './numbers.ts';
import { factOf, type SlotName } from './topics.ts';
import { me, OCCUPATION, PERSON_NAME, PET_COUNT, PETS, RELATIVES, speciesOf } from './words-zh.ts';

/** Surnames that make 我是… a name; a trade or a kind of person never ends like a given name does. */
const SURNAME =
  '[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文]';
const NOT_A_NAME = '(?!.*[师员人生家者手座族党迷粉控的民医])';
const COUNTRY =
  '中国|美国|英国|法国|德国|日本|韩国|加拿大|澳大利亚|新加坡|马来西亚|泰国|越南|印度|俄罗斯|意大利|西班牙|巴西|墨西哥|荷兰|瑞士|瑞典';
const CITY =
  '北京|上海|广州|深圳|杭州|南京|成都|重庆|武汉|西安|天津|苏州|长沙|青岛|厦门|大连|宁波|无锡|郑州|济南|合肥|福州|昆明|沈阳|哈尔滨|香港|澳门|台北';
const PLACE = '([\\p{L}\\p{N}]{1,15}?)';
const PLACE_END = '(?=[，,（(\\s]|的|已经|工作|上班|生活|读书|上学|很|快|有|和|附近|了|是|$)';
const COMPANY = '([\\p{L}\\p{N}&·. -]{1,20}?)';

const one = (slot: SlotName, pattern: RegExp, memo = (value: string): string => value): FactRule => ({
  pattern,
  facts: (match) => [factOf(slot, 'zh', memo(match[1] ?? ''))],
});
/** The whole statement, 2024-04-29搬到了杭州, rather than a value in it. */
const whole = (slot: SlotName, pattern: RegExp): FactRule => ({
  pattern,
  facts: (_match, told) => [factOf(slot, 'zh', told)],
});
const years = (text: string): string => String(chineseCount(text));

const PERSON: readonly FactRule[] = [
  one(
    'name',
    new RegExp(
      `^(?:我的名字叫|我的名字是|我名叫|我叫做|我叫|大家都?叫我|朋友都?叫我|叫我)(?![他她它你您了不车])${PERSON_NAME}`,
      'u',
    ),
    (name) => name.replace(/(?:就好|就行|吧)$/u, ''),
  ),
  one('name', new RegExp(`^我是${NOT_A_NAME}(${SURNAME}\\p{Script=Han}{1,2})(?=[，,]|$)`, 'u')),
  one('age', me(`(?:今年|\\d{4}年)?(?:满|是)?(${CHINESE_COUNT})岁(?!的时|时|那|开始|起|就)`), years),
  one('birthDate', /^我的?生日(?:是|在)(.+)$/u),
  one('birthDate', me('(?:是|于|在)?((?:\\d{4}年|\\d{4}-\\d{2}-\\d{2})[^，]*?)(?:年)?出生')),
  one('birthDate', me('出生于?在?(\\d{4}(?:年[\\d月日号]*|-\\d{2}-\\d{2}))')),
  one('nationality', me(`(?:是|来自)(${COUNTRY})人?(?=[，,]|$)`)),
  one(
    'hometown',
    me(
      `是(?!${COUNTRY}|[个一好]|男|女|大人|老人|病人|工人|军人|名|.*(?:主持|负责|创始|合伙|经纪|[iIeE])人)(\\p{Script=Han}{2,8})人(?=[，,]|$)`,
    ),
  ),
  one('hometown', new RegExp(`^我(?:的)?(?:老家|家乡)(?:在|是)${PLACE}${PLACE_END}`, 'u')),
  one(
    'hometown',
    me(`(?:来自|出生于|出生在|在)(?!${COUNTRY}|\\d)${PLACE}(?:长大|出生)?(?=[，,]|$)(?<=来自.*|出生.*|长大)`),
  ),
  one('maritalStatus', me('(?:是)?(单身|已婚|未婚|离异)(?=[，,]|$)')),
  whole('marriage', me('(?:要)?(?:结婚|离婚|订婚)(?:了|$|，)')),
  one('children', me('有([一两二三四五\\d])个(?:孩子|小孩|娃)'), (count) => String(chineseCount(count))),
];

const HOME: readonly FactRule[] = [
  one(
    'city',
    me(`(?<!不)(?:住在|居住在|定居在?|生活在)(?!.*(?:朋友家|学校|宿舍|酒店|宾馆))${PLACE}${PLACE_END}`),
  ),
  {
    pattern: me(`(?:是)?(?:从.{1,10})?搬(?:家)?(?:到|去|来)了?(?!新|一)${PLACE}${PLACE_END}`),
    facts: ([, place = ''], told) => [factOf('city', 'zh', place), factOf('relocation', 'zh', told)],
  },
  one('city', new RegExp(`^我家在(?!.*楼)${PLACE}${PLACE_END}`, 'u')),
  one('city', me(`不(?:再)?住在?${PLACE}了?$`), (place) => `不再住在${place}`),
];

const JOB: readonly FactRule[] = [
  one('workplace', me(`在(${CITY}|家|[\\p{L}]{1,6}[市省区])(?:工作|上班)`), (place) =>
    place === '家' ? '在家' : place,
  ),
  one(
    'company',
    me(
      `在(?!家(?:工|上)|(?:${CITY})(?:工作|上班)|[\\p{L}]{1,6}[市省区](?:工|上))${COMPANY}(?:公司)?(?:工作|上班|任职|实习|做${OCCUPATION}|当${OCCUPATION}|担任)(?!了)`,
    ),
  ),
  one('company', me(`(?:入职|加入)了?${COMPANY}(?:公司)?(?=[，,]|做|当|了|$)`)),
  one('company', me(`不(?:再)?在${COMPANY}(?:工作|上班)了?$`), (name) => `不再在${name}工作`),
  one('company', me(`(?:从${COMPANY})(?:离职|辞职)`), (name) => `不再在${name}工作`),
  one('title', me(`是(?:一名|一位|一个|个|名)?(?!一)(${OCCUPATION})(?=[，,]|$)`)),
  one('title', me(`(?:在[^，]{1,20})?(?:当|做|担任)(?:一名|一个)?(${OCCUPATION})(?=[，,的]|$)`)),
  one('title', /^我的?(?:工作|职业|职位)是([^，,]+)/u),
  one('industry', me('(?:是)?(?:做|从事)([^，,了]{1,12}?)(?:的|工作|行业)(?=[，,]|$)')),
  whole('retirement', me('退休')),
  one(
    'school',
    me(
      `(?:是)?(?:从|毕业于|在)([\\p{L}]{2,15}?(?:大学|学院|中学|高中|小学|北大|清华))(?=毕业|读|上|念|[，,]|$)`,
    ),
  ),
  one('major', /^我(?:的?专业是|学的是|读的是|主修)([^，,的]{2,12}?)(?:专业)?(?=[，,]|$)/u),
];

const HOUSEHOLD: readonly FactRule[] = [
  {
    pattern: new RegExp(
      `我(?:的|家)?(${RELATIVES})(?:的名字)?(?:叫做|名叫|叫)(?![他她它你我了醒])${PERSON_NAME}`,
      'u',
    ),
    facts: ([, relative = '', name = '']) => [
      { topic: '家庭', sub_topic: relative, memo: `${relative}叫${name}` },
    ],
  },
  {
    pattern: new RegExp(`^我的?(${RELATIVES})(?:是|在|今年|有|住|很?喜欢|不喜欢).+`, 'u'),
    facts: ([, relative = ''], told) => [{ topic: '家庭', sub_topic: relative, memo: told }],
  },
  {
    pattern: new RegExp(`^我(?:的|家的?)?(${PETS})(?:的名字)?(?:叫做|名叫|叫)${PERSON_NAME}`, 'u'),
    facts: ([, pet = '', name = '']) => [
      { topic: '宠物', sub_topic: speciesOf(pet), memo: `${pet}叫${name}` },
    ],
  },
  {
    pattern: me(
      `(?:家)?(?:养了|养着|养|有(?=[一两二三四五\\d]+[只条])|领养了|收养了)(${PET_COUNT}(?:[\\p{L}]{0,6}?)(${PETS}))(?:[，,]?(?:名字)?(?:叫做|名叫|叫|是)${PERSON_NAME})?`,
    ),
    facts: ([, animal = '', pet = '', name]) => [
      {
        topic: '宠物',
        sub_topic: speciesOf(pet),
        memo: name === undefined ? `养了${animal}` : `养了${animal}，叫${name}`,
      },
    ],
  },
];

/** Who the user is, where they live and work, who belongs to them. */
export const CHINESE_LIFE_RULES: readonly FactRule[] = [...PERSON, ...HOME, ...JOB, ...HOUSEHOLD];
