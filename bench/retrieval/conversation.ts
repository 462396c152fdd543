import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MemoryError } from '../../shared/domain/errors.ts';

const turnSchema = z.object({ dia_id: z.string(), speaker: z.string(), text: z.string() });
const factSchema = z.object({
  text: z.string().min(1),
  speaker: z.string(),
  /** Turns the fact was taken from. */
  evidence: z.array(z.string()),
});
const sessionSchema = z.object({
  index: z.int(),
  date_time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d/),
  turns: z.array(turnSchema).min(1),
  facts: z.array(factSchema),
});
const questionSchema = z.object({
  question: z.string().min(1),
  answer: z.coerce.string(),
  category: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  /** Turns that hold the answer. */
  evidence: z.array(z.string()),
});

/** A conversation of the LoCoMo form: sessions with what a good extraction makes of them, and questions. */
export const conversationSchema = z.object({
  id: z.string().min(1),
  speakers: z.array(z.string()),
  sessions: z.array(sessionSchema).min(1),
  questions: z.array(questionSchema),
});
export type Conversation = z.infer<typeof conversationSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type Question = z.infer<typeof questionSchema>;

/** LoCoMo's names of the question categories. */
export const CATEGORIES = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop' } as const;

/**
 * Reads the conversations of a folder in the order of their file names.
 *
 * @param split a folder inside `folder`, used when it is there
 * Throws `invalid_request` for a folder without conversations or a file of another form.
 */
export function readConversations(folder: string, split: string): Conversation[] {
  const inside = join(folder, split);
  const from = existsSync(inside) ? inside : folder;
  const files = existsSync(from)
    ? readdirSync(from)
        .filter((name) => name.endsWith('.json'))
        .sort()
    : [];
  if (files.length === 0) {
    throw new MemoryError(
      'invalid_request',
      `${from} holds no *.json conversations. Name their folder with --data.`,
    );
  }
  return files.map((name) => readConversation(join(from, name)));
}

function readConversation(file: string): Conversation {
  const parsed = conversationSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new MemoryError('invalid_request', `${file} is not a conversation: ${z.prettifyError(parsed.error)}`);
}

export const factsOf = (conversation: Conversation): readonly string[] =>
  conversation.sessions.flatMap(({ facts }) => facts.map(({ text }) => text));
