import { leadingDay } from '../../shared/domain/time.ts';

/** What one speaker said in one go. */
export interface Utterance {
  /** `other`: a transcript's speaker, or a note or document without one (then the name is null). */
  readonly role: 'user' | 'assistant' | 'other';
  readonly name: string | null;
  /** The day it was said, `YYYY-MM-DD`. */
  readonly day: string | null;
  readonly text: string;
}

const HEAD = /^\[([^\]]*)\] (.+?): /;
const NAMED_ROLE = /^(?:(.*)\()?(user|assistant)\)?$/;
const SUMMARY = /^- (.*)\[(\d{4}\/\d{2}\/\d{2})\]$/;

/** The text between `<tag>` and the last `</tag>`, each on its own line; null where they are missing. */
export function blockOf(content: string, tag: string): string | null {
  const opening = new RegExp(`^<${tag}>\\s*$`, 'm').exec(content);
  if (opening === null) return null;
  const body = content.slice(opening.index + opening[0].length);
  const closing = [...body.matchAll(new RegExp(`^</${tag}>\\s*$`, 'gm'))].at(-1);
  return closing === undefined ? null : body.slice(0, closing.index).replace(/^\n|\n$/g, '');
}

/**
 * Splits a conversation into utterances. A line begins a new one when its head names a role, or when it carries a
 * date; every other line continues the text above it.
 */
export function parseConversation(conversation: string): Utterance[] {
  const utterances: Utterance[] = [];
  for (const line of conversation.split('\n')) {
    const last = utterances.at(-1);
    const spoken = last !== undefined && (last.role !== 'other' || last.name !== null);
    const started = headed(line) ?? (spoken ? null : summarised(line));
    if (started !== null) utterances.push(started);
    else if (last === undefined) utterances.push({ role: 'other', name: null, day: null, text: line });
    else utterances[utterances.length - 1] = { ...last, text: `${last.text}\n${line}` };
  }
  return utterances.filter((utterance) => utterance.text.trim() !== '');
}

function headed(line: string): Utterance | null {
  const match = HEAD.exec(line);
  if (match === null) return null;
  const [head, time = '', speaker = ''] = match;
  const day = leadingDay(time);
  const text = line.slice(head.length);
  const named = NAMED_ROLE.exec(speaker);
  if (named !== null) {
    return { role: named[2] === 'user' ? 'user' : 'assistant', name: named[1] || null, day, text };
  }
  return day === null ? null : { role: 'other', name: speaker, day, text };
}

/** A summary arrives as one bullet that ends in its day. */
function summarised(line: string): Utterance | null {
  const match = SUMMARY.exec(line);
  if (match === null) return null;
  return { role: 'other', name: null, day: leadingDay(match[2] ?? null), text: match[1] ?? '' };
}
