/** What a rule can learn, and the slot it goes to in each language. Names follow the product's default topics. */
const SLOTS = {
  name: { en: ['basic_info', 'name'], zh: ['基本信息', '用户姓名'] },
  age: { en: ['basic_info', 'age'], zh: ['基本信息', '用户年龄'] },
  birthDate: { en: ['basic_info', 'birth_date'], zh: ['基本信息', '出生日期'] },
  nationality: { en: ['basic_info', 'nationality'], zh: ['基本信息', '国籍'] },
  hometown: { en: ['basic_info', 'hometown'], zh: ['基本信息', '籍贯'] },
  city: { en: ['contact_info', 'city'], zh: ['联系信息', '城市'] },
  school: { en: ['education', 'school'], zh: ['教育背景', '学校'] },
  major: { en: ['education', 'major'], zh: ['教育背景', '专业'] },
  maritalStatus: { en: ['demographics', 'marital_status'], zh: ['人口统计', '婚姻状况'] },
  children: { en: ['demographics', 'number_of_children'], zh: ['人口统计', '子女数量'] },
  company: { en: ['work', 'company'], zh: ['工作', '公司'] },
  title: { en: ['work', 'title'], zh: ['工作', '职位'] },
  workplace: { en: ['work', 'location'], zh: ['工作', '工作地点'] },
  industry: { en: ['work', 'working_industry'], zh: ['工作', '行业'] },
  diet: { en: ['lifestyle', 'dietary_preferences'], zh: ['生活方式', '饮食偏好'] },
  health: { en: ['lifestyle', 'health'], zh: ['生活方式', '健康状况'] },
  goal: { en: ['psychological', 'goals'], zh: ['心理特征', '目标'] },
  relocation: { en: ['life_event', 'relocation'], zh: ['人生大事', '搬迁'] },
  marriage: { en: ['life_event', 'marriage'], zh: ['人生大事', '婚姻'] },
  retirement: { en: ['life_event', 'retirement'], zh: ['人生大事', '退休'] },
} as const satisfies Record<string, Record<'en' | 'zh', readonly [string, string]>>;

export type SlotName = keyof typeof SLOTS;

/** Something to be kept in the profile. */
export interface Fact {
  readonly topic: string;
  readonly sub_topic: string;
  readonly memo: string;
}

export function factOf(slot: SlotName, language: 'en' | 'zh', memo: string): Fact {
  const [topic, sub_topic] = SLOTS[slot][language];
  return { topic, sub_topic, memo };
}

const SINGLE_VALUED_SLOTS = [
  'name',
  'age',
  'birthDate',
  'nationality',
  'hometown',
  'city',
  'maritalStatus',
  'children',
  'company',
  'title',
] as const satisfies readonly SlotName[];

const SINGLE_VALUED = new Set<string>([
  ...SINGLE_VALUED_SLOTS.flatMap((slot) => [SLOTS[slot].en[1], SLOTS[slot].zh[1]]),
  'birthday',
  'home',
  'country',
  'job',
  '姓名',
  '年龄',
  '生日',
  '国家',
  '居住地',
]);

/** Whether only one value can hold at a time, so that a new one takes the old one's place. */
export function isSingleValued(subTopic: string): boolean {
  return SINGLE_VALUED.has(subTopic);
}

/** One fact for each topic and sub-topic: of a single value the last one said, of others all of them. */
export function joinFacts(facts: readonly Fact[]): Fact[] {
  const joined = new Map<string, Fact>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.topic, fact.sub_topic]);
    const before = joined.get(key);
    if (before === undefined || isSingleValued(fact.sub_topic)) joined.set(key, fact);
    else if (!partsOf(before.memo).includes(fact.memo)) {
      joined.set(key, { ...fact, memo: joinParts([before.memo, fact.memo]) });
    }
  }
  return [...joined.values()];
}

/** The statements a memo joins. */
export function partsOf(memo: string): string[] {
  return memo.split(/\s*[;；]\s*/).filter((part) => part !== '');
}

export function joinParts(parts: readonly string[]): string {
  return parts.join(parts.some((part) => /\p{Script=Han}/u.test(part)) ? '；' : '; ');
}
