import fc from 'fast-check';

/** Ordinary words of both scripts, with names, numbers, rare words and marks as people write them. */
const ENGLISH =
  `the a and of to in is was for with on that it as her his their after before because while about around Ann Caroline
  Bob Melanie Krzysztof Siobhan Guadalupe Tokyo Reykjavik Shenzhen went started finished painted adopted enjoys prefers
  remembered volunteered guitar jazz pottery marathon thunderstorm counselling sourdough chrysanthemum kayaking
  daughter grandmother colleague neighbourhood startup apartment allergic vegetarian anniversary certificate birthday
  2023 7 15th 3.5 $20 9:30 e-mail WiFi NASA iPhone don't she's we'll "quite" (really) well-known tonight yesterday`.split(
    /\s+/,
  );
const CHINESE =
  `用户 我 妻子 女儿 同事 朋友 李明 王小雨 欧阳 北京 上海 成都 呼和浩特 昨天 去年 周末 上个月 喜欢 去了 吃了 买了 开始 学习 计划 参加 搬到 养了
  火锅 爵士乐 吉他 马拉松 瑜伽 橘猫 医院 面试 公司 项目 签证 咖啡 普洱茶 饺子 麻辣香锅 螺蛳粉 鼹鼠 魑魅 踟蹰 蹀躞 氍毹
  2023年 5月7日 三点半 一次 的 了 和 在 与 因为 所以 但是 非常 有点 特别 已经 打算`.split(/\s+/);
const MARKS = [' ', ' ', ' ', ' ', ', ', '. ', '; ', ' - ', '! ', '? ', ': '];
const WIDE_MARKS = ['', '', '', '', '，', '。', '、', '；', '！', '？', '：'];
const ENDINGS = [
  '',
  '.',
  '!',
  '。',
  '！',
  '...',
  '…',
  '?!',
  '!!',
  ')',
  '."',
  '”',
  ' ',
  '/',
  ';',
  '🎸',
  '🎉🎉',
  '👩‍👩‍👧',
  '*;',
  '!");',
  '\t',
];
const CODE = [
  'const x = fetch(url);',
  '{"id": 12, "tags": []}',
  'npm run build && git push',
  '</div>',
  'SELECT * FROM t;',
];

function sentence(words: readonly string[], marks: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.tuple(fc.constantFrom(...words), fc.constantFrom(...marks));
  return fc.array(piece, { minLength: 1, maxLength: 40 }).map((pieces) => pieces.flat().join('').trim());
}

export const englishText = sentence(ENGLISH, MARKS);
export const chineseText = sentence(CHINESE, WIDE_MARKS);
const either = fc.oneof(englishText, chineseText);
export const mixedText = fc.tuple(englishText, chineseText, englishText).map((parts) => parts.join(' '));
export const codeText = fc
  .array(fc.constantFrom(...CODE), { minLength: 1, maxLength: 8 })
  .map((lines) => lines.join('\n'));
export const emojiText = fc
  .array(fc.oneof(either, fc.constantFrom('🎸', '🎉', '👍🏽', '❤️', '👩‍👩‍👧', '🇨🇳')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(' '));

/** A line of a memory, ending in whatever a sentence can end in. */
export const memoryText = fc
  .tuple(fc.oneof(either, mixedText), fc.constantFrom(...ENDINGS))
  .map(([text, ending]) => text + ending);
