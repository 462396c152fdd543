import tables from 'tiktoken/encoders/o200k_base';
import { Tiktoken } from 'tiktoken/lite';
import { DAY_HEADING_TOKENS } from '../../shared/domain/event-section.ts';
import type { Conversation } from './conversation.ts';

// CommonJS whose types claim a default export: what it exports is the tables themselves.
const o200k = tables as unknown as typeof tables.default;
const encoding = new Tiktoken(o200k.bpe_ranks, o200k.special_tokens, o200k.pat_str);

/** o200k_base tokens of the text. */
export const countTokens = (text: string): number => encoding.encode_ordinary(text).length;

/** The text's first `max` tokens. */
export function cutToTokens(text: string, max: number): string {
  const tokens = encoding.encode_ordinary(text);
  return tokens.length <= max ? text : new TextDecoder().decode(encoding.decode(tokens.slice(0, max)));
}

/** Tokens of a whole memory as a context shows it: a line per fact, a heading per day. */
export function memoryTokens({ sessions }: Conversation): number {
  const facts = sessions.flatMap((session) => session.facts.map(({ text }) => countTokens(`- ${text}\n`)));
  const days = new Set(
    sessions.filter((session) => session.facts.length > 0).map((session) => session.date_time.slice(0, 10)),
  );
  return facts.reduce((sum, tokens) => sum + tokens, 0) + DAY_HEADING_TOKENS * days.size;
}
