import type { Fact } from './topics.ts';

interface Interest {
  readonly en: string;
  readonly zh: string;
  readonly words: RegExp;
}

/** English stems begin a word; Chinese ones may stand anywhere. */
const interest = (en: string, zh: string, english: string, chinese: string): Interest => ({
  en,
  zh,
  words: new RegExp(`\\b(?:${english})|${chinese}`, 'i'),
});

const INTERESTS: readonly Interest[] = [
  interest(
    'music',
    '音乐',
    'music|guitar|piano|violin|cello|drum|flute|saxophone|ukulele|jazz|rock (?:band|music)|hip.?hop|rap\\b|pop songs?|opera\\b|symphon|concert|choir|sing(?:ing)?\\b|songs?\\b|albums?\\b|bands?\\b|orchestra|blues\\b|karaoke',
    '音乐|吉他|钢琴|小提琴|大提琴|架子鼓|古筝|二胡|笛|尤克里里|爵士|摇滚|嘻哈|说唱|民谣|古典乐|歌|唱|演唱会|乐队|交响|专辑|听曲',
  ),
  interest(
    'sports',
    '运动',
    'sports?\\b|football|soccer|basketball|tennis|badminton|volleyball|baseball|golf|swim|runn?(?:ing)?\\b|jog|marathon|hik|climb|boulder|cycl|bik(?:e|ing)|ski(?:s|ing)?\\b|snowboard|surf|yoga|pilates|gym\\b|work(?:ing)? out|rowing|boxing|martial|judo|karate|skat|fitness',
    '运动|足球|篮球|网球|羽毛球|乒乓|排球|棒球|高尔夫|游泳|跑步|慢跑|长跑|夜跑|马拉松|徒步|爬山|登山|攀岩|骑行|骑车|自行车|滑雪|滑板|冲浪|瑜伽|普拉提|健身|拳击|太极|武术|溜冰|球赛',
  ),
  interest(
    'movies',
    '电影',
    'movies?\\b|films?\\b|cinema|tv (?:shows?|series)|series\\b|documentar|anime|sitcom|netflix|theat(?:er|re)',
    '电影|影片|电视剧|剧集|追剧|纪录片|动漫|动画|综艺|话剧|韩剧|美剧|日剧',
  ),
  interest(
    'books',
    '书籍',
    'books?\\b|novels?\\b|read(?:ing)?\\b|poetry|poems?\\b|literature|comics?\\b|manga|science fiction|sci-?fi',
    '书(?!法)|小说|阅读|诗|文学|漫画|科幻|散文',
  ),
  interest(
    'travel',
    '旅行',
    'travel|trips?\\b|backpack|camping|road.?trip|sightsee',
    '旅行|旅游|出游|露营|自驾|背包',
  ),
  interest(
    'games',
    '游戏',
    'games?\\b|gaming|chess|poker|puzzles?\\b|minecraft|zelda|nintendo|playstation|xbox|board.?game|sudoku',
    '游戏|象棋|围棋|国际象棋|桌游|扑克|麻将|剧本杀|原神|王者荣耀|数独|拼图',
  ),
  interest(
    'pets',
    '宠物',
    'dogs?\\b|cats?\\b|pupp|kitten|pets?\\b|rabbits?\\b|parrot|hamster',
    '宠物|狗|猫|兔|鹦鹉|仓鼠',
  ),
  interest(
    'art',
    '艺术',
    'paint|draw(?:ing)?\\b|sketch|photograph|pottery|ceramic|museum|sculpt|danc|ballet|knit|craft|calligraph',
    '画|摄影|拍照|陶艺|雕塑|博物馆|美术|跳舞|舞蹈|芭蕾|编织|手工|书法',
  ),
  interest(
    'nature',
    '自然',
    'garden|flowers?\\b|plants?\\b|bird|fishing|stargaz|forest',
    '园艺|种花|养花|植物|观鸟|钓鱼|观星|森林',
  ),
  interest(
    'technology',
    '科技',
    'programming|coding|software|robot|electronics|computers?\\b|technolog|\\bAI\\b',
    '编程|写代码|机器人|电子产品|电脑|科技|人工智能',
  ),
  interest(
    'foods',
    '美食',
    'food|eat(?:ing)?\\b|cook|bak(?:e|ing)|coffee|tea\\b|wine|beer|sushi|pizza|pasta|noodle|chocolate|cheese|curry|ramen|steak|seafood|meat|fish\\b|spicy|dessert|cakes?\\b|ice cream|fruit|vegetable|cilantro|coriander|mushroom|burger|salad|soup|bread|rice\\b|cuisine|dumpling|hot ?pot|olives?\\b|onions?\\b|broccoli|tofu|烤鸭',
    '美食|吃|喝|烹饪|做饭|做菜|烘焙|咖啡|茶|酒|寿司|披萨|面条|拉面|火锅|烧烤|烤鸭|巧克力|奶酪|咖喱|牛排|海鲜|辣|甜点|甜食|蛋糕|冰淇淋|水果|蔬菜|香菜|川菜|粤菜|湘菜|饺子|豆腐|榴莲|奶茶|肉|菜',
  ),
];

const OTHER = { en: 'other', zh: '其他' } as const;
const TOPIC = { en: 'interest', zh: '兴趣爱好' } as const;

/** The interest whose word comes first: "reading about jazz" is reading. */
function interestIn(text: string): Interest | null {
  let first: { interest: Interest; at: number } | null = null;
  for (const candidate of INTERESTS) {
    const at = candidate.words.exec(text)?.index;
    if (at !== undefined && (first === null || at < first.at)) first = { interest: candidate, at };
  }
  return first?.interest ?? null;
}

export function namesInterest(text: string): boolean {
  return interestIn(text) !== null;
}

/** The profile fact for a statement about a taste, filed by what the object is about. */
export function tasteFact(language: 'en' | 'zh', object: string, memo: string): Fact {
  return { topic: TOPIC[language], sub_topic: interestIn(object)?.[language] ?? OTHER[language], memo };
}

/**
 * One fact for each kind of thing that is listed: "hiking and jazz" is a sport and a music. A list that names one
 * kind only, or an item of no known kind, stays whole.
 */
export function tasteFacts(language: 'en' | 'zh', verb: string, object: string): Fact[] {
  const separator = language === 'en' ? /, (?:and )?| and | & / : /[、，]|和|以及|还有|跟/;
  const items = object.split(separator);
  const kinds = items.map((item) => interestIn(item)?.[language]);
  if (kinds.includes(undefined) || new Set(kinds).size < 2)
    return [tasteFact(language, object, verb + object)];
  return [...new Set(kinds)].map((kind) => {
    const listed = items
      .filter((_item, index) => kinds[index] === kind)
      .join(language === 'en' ? ' and ' : '、');
    return tasteFact(language, listed, verb + listed);
  });
}
