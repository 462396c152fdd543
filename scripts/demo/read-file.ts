import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Conversation } from './conversations.ts';

const openAiMessages = z.array(
  z.object({
    role: z.string(),
    content: z.string(),
    created_at: z.string().optional(),
    name: z.string().optional(),
  }),
);

const locomo = z.object({
  sessions: z.array(
    z.object({
      date_time: z.string(),
      turns: z.array(z.object({ speaker: z.string(), text: z.string() })),
    }),
  ),
  questions: z.array(z.object({ question: z.string() })).optional(),
});

const QUESTION = 'What should you know about me?';

/**
 * A conversation from a file: OpenAI-style messages (JSON array or JSON lines), or sessions in the form of the
 * LoCoMo data set, where both speakers are people. Throws `invalid_request` saying what is wrong with the file.
 */
export function readConversation(file: string): Conversation {
  const value = parse(file);
  const title = basename(file);
  const sessions = locomo.safeParse(value);
  if (sessions.success) {
    const messages = sessions.data.sessions.flatMap(({ date_time, turns }) =>
      turns.map(({ speaker, text }) => ({
        role: 'user' as const,
        alias: speaker,
        content: text,
        created_at: date_time,
      })),
    );
    return { title, messages, question: sessions.data.questions?.[0]?.question ?? QUESTION };
  }
  const list = openAiMessages.safeParse(value);
  if (!list.success) {
    const [issue] = list.error.issues;
    throw unusable(file, `${issue?.path.join('.')}: ${issue?.message}`);
  }
  // System and tool messages are nobody's words.
  const messages = list.data.flatMap(({ role, content, created_at, name }) =>
    role === 'user' || role === 'assistant'
      ? [{ role: role as 'user' | 'assistant', content, created_at: created_at ?? null, alias: name ?? null }]
      : [],
  );
  if (messages.length === 0) throw unusable(file, 'it holds no message of role user or assistant');
  return { title, messages, question: QUESTION };
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MemoryError('invalid_request', `${file} cannot be read.`, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    try {
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as unknown);
    } catch (error) {
      throw unusable(file, error instanceof Error ? error.message : String(error));
    }
  }
}

const unusable = (file: string, why: string): MemoryError =>
  new MemoryError(
    'invalid_request',
    `${file} is not a conversation: ${why}. Expected [{"role", "content", "created_at"?, "name"?}] as JSON or ` +
      'JSON lines, or a LoCoMo conversation with "sessions".',
  );
