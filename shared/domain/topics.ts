export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A part of the profile and the names under it that the model is asked to prefer. */
export interface Topic {
  readonly topic: string;
  readonly subTopics: readonly string[];
}

/** The names a profile starts with; clients of the wire protocol look slots up by them. */
export const DEFAULT_TOPICS: Readonly<Record<Language, readonly Topic[]>> = {
  en: [
    {
      topic: 'basic_info',
      subTopics: ['name', 'age', 'gender', 'birth_date', 'nationality', 'ethnicity', 'language_spoken'],
    },
    { topic: 'contact_info', subTopics: ['email', 'phone', 'city', 'country'] },
    { topic: 'education', subTopics: ['school', 'degree', 'major'] },
    { topic: 'demographics', subTopics: ['marital_status', 'number_of_children', 'household_income'] },
    {
      topic: 'work',
      subTopics: ['company', 'title', 'working_industry', 'previous_projects', 'work_skills'],
    },
    { topic: 'interest', subTopics: ['books', 'movies', 'music', 'foods', 'sports'] },
    { topic: 'psychological', subTopics: ['personality', 'values', 'beliefs', 'motivations', 'goals'] },
    { topic: 'life_event', subTopics: ['marriage', 'relocation', 'retirement'] },
  ],
  zh: [
    { topic: '基本信息', subTopics: ['用户姓名', '用户年龄', '性别', '出生日期', '国籍', '民族', '语言'] },
    { topic: '联系信息', subTopics: ['电子邮件', '电话', '城市', '省份'] },
    { topic: '教育背景', subTopics: ['学校', '学位', '专业', '毕业年份'] },
    { topic: '人口统计', subTopics: ['婚姻状况', '子女数量', '家庭收入'] },
    { topic: '工作', subTopics: ['公司', '职位', '工作地点', '参与项目', '工作技能'] },
    { topic: '兴趣爱好', subTopics: ['书籍', '电影', '音乐', '美食', '运动'] },
    { topic: '生活方式', subTopics: ['饮食偏好', '运动习惯', '健康状况', '睡眠模式', '吸烟', '饮酒'] },
    { topic: '心理特征', subTopics: ['性格特点', '价值观', '信仰', '动力', '目标'] },
    { topic: '人生大事', subTopics: ['婚姻', '搬迁', '退休'] },
  ],
};
