import type { Message } from '../../shared/domain/blob.ts';

/** One person's messages, in the order they were sent. */
export interface Conversation {
  readonly title: string;
  readonly messages: readonly Pick<Message, 'role' | 'content' | 'created_at' | 'alias'>[];
  /** Asked of the memory at the end. */
  readonly question: string;
}

const user = (created_at: string, content: string) => ({
  role: 'user' as const,
  alias: null,
  created_at,
  content,
});
const assistant = (created_at: string, content: string) => ({
  role: 'assistant' as const,
  alias: null,
  created_at,
  content,
});

/** The built-in conversations: one Chinese, one English, both over the turn of a year. */
export const CONVERSATIONS: readonly Conversation[] = [
  {
    title: '中文',
    question: '周末有什么适合我的活动？',
    messages: [
      user('2025-12-28', '你好，我叫林晓雨，我住在杭州。'),
      assistant('2025-12-28', '你好晓雨！杭州的冬天怎么样？'),
      user('2025-12-28', '挺冷的。我最喜欢在周末弹吉他，特别是爵士乐。'),
      user('2025-12-30', '我在一家软件公司工作，我是一名产品经理。'),
      assistant('2025-12-30', '听起来很忙，你一定喜欢爬山吧？'),
      user('2025-12-30', '我不喜欢爬山，太累了。'),
      user('2026-01-02', '前天我和朋友去听了一场跨年音乐会，特别开心。'),
      user('2026-01-05', '我打算下个月去成都旅行。'),
      user('2026-01-06', '我搬到上海了，上周六搬的家。'),
    ],
  },
  {
    title: 'English',
    question: 'Do you remember when I moved, and what I could do at the weekend?',
    messages: [
      user('2025-12-29', "Hi, my name is Daniel Okafor and I'm a nurse."),
      assistant('2025-12-29', 'Nice to meet you, Daniel! You must love jogging.'),
      user('2025-12-29', 'I like chess and I love cooking Thai food at the weekend.'),
      user('2025-12-29', 'I live in Bristol with my dog Biscuit.'),
      user('2026-01-02', 'I moved to Leeds three days ago.'),
      assistant('2026-01-02', 'Congratulations! How is the new flat?'),
      user('2026-01-02', "It's small but warm. I don't like the noisy street."),
      user('2026-01-05', "I'm going to visit my sister in Lagos next month."),
      user('2026-01-07', 'Yesterday I won my first chess tournament!'),
    ],
  },
];
