const DATE = '\\d{4}-\\d{2}-\\d{2}(?:至\\d{4}-\\d{2}-\\d{2})?|\\d{4}年(?:\\d{1,2}月)?';

/** What may stand between 我 and the verb; no word here is the start of two others, so matching stays linear. */
export const ADVERBS = `(?:也|还|都|很|最|真的|真|特别|非常|超级|超|比较|一直|从小|平时|现在|目前|其实|已经|刚|最近|又|就|更|挺|蛮|偶尔|经常|常|有时|每天|每周[一二三四五六日天末]?|每月|每年|周末|总|终于|家里|自己|${DATE})*`;

/** The clause begins with the user as its subject. */
export const me = (source: string, flags = 'u'): RegExp => new RegExp(`^我${ADVERBS}${source}`, flags);

/** Every name of a person: up to the next mark, or to a word that begins the next statement. */
export const PERSON_NAME = '([\\p{L}·]{1,12}?)(?=[，,、（(\\s]|今年|来自|住在|是一|在|$)';

export const RELATIVES =
  '女儿|儿子|老婆|妻子|太太|老公|丈夫|爱人|妈妈|母亲|爸爸|父亲|哥哥|弟弟|姐姐|妹妹|女朋友|男朋友|女友|男友|爷爷|奶奶|外公|外婆|姥姥|姥爷|孩子|宝宝|室友|闺蜜';
export const PETS = '狗狗|猫咪|小狗|小猫|狗|猫|兔子|鹦鹉|仓鼠|乌龟|金毛|柯基|布偶|橘猫|金鱼';
const SPECIES: Readonly<Record<string, string>> = {
  狗狗: '狗',
  小狗: '狗',
  金毛: '狗',
  柯基: '狗',
  猫咪: '猫',
  小猫: '猫',
  布偶: '猫',
  橘猫: '猫',
};
/** What {@link PETS} matched, under the name its kind is filed by. */
export const speciesOf = (pet: string): string => SPECIES[pet] ?? pet;
/** 一只, 两条, ... in front of an animal. */
export const PET_COUNT = '(?:[一两二三四五\\d]+)?(?:只|条|个)?';

export const OCCUPATION =
  '(?:[\\p{L}\\p{N}]{0,10}?(?:工程师|设计师|程序员|老师|教师|教授|医生|大夫|护士|律师|会计|记者|作家|演员|歌手|司机|厨师|警察|军人|工人|农民|经理|总监|主管|顾问|秘书|助理|翻译|编辑|大学生|高中生|初中生|实习生|学生|研究生|博士生|博士|创业者|公务员|研究员|分析师|摄影师|理发师|药剂师|咨询师|架构师|咖啡师|画家|科学家|音乐人|自由职业者|老板|店长|创始人|销售员|销售|运营|策划|教练|导游|飞行员|消防员|CEO|CTO|师|员))';
