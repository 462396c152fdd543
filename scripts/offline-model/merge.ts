import { z } from 'zod';
import { type MergeDecision, mergeSchema } from '../../shared/domain/extraction.ts';
import { blockOf } from './conversation.ts';
import { isSingleValued, joinParts, partsOf } from './topics.ts';

const questionSchema = z.object({
  fact: z.number().int(),
  sub_topic: z.string(),
  memo: z.string(),
  current: z.string().nullish(),
});
type Question = z.infer<typeof questionSchema>;

const CORRECTION = /\b(?:no longer|any ?more|now|actually|instead|stopped|gave up)\b|不再|其实|改|戒|现在/i;
const NEGATION = /\b(?:no longer|not|dislikes?|never|hates?|stopped|without)\b|不|没|讨厌|厌恶|戒/i;

/** The answer to `profile_merge`, every number once; null where the text holds no `<facts>` block. */
export function mergeProfile(request: string): { decisions: MergeDecision[] } | null {
  const facts = blockOf(request, 'facts');
  if (facts === null) return null;
  const decisions = new Map<number, MergeDecision>();
  for (const question of facts.split('\n').flatMap(questionIn)) {
    if (!decisions.has(question.fact)) decisions.set(question.fact, decide(question));
  }
  return mergeSchema.parse({ decisions: [...decisions.values()] });
}

function questionIn(line: string): Question[] {
  try {
    const parsed = questionSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

function decide({ fact, sub_topic: subTopic, memo, current }: Question): MergeDecision {
  const parts = partsOf(current ?? '');
  if (parts.length === 0) return { fact, action: 'append', memo };
  const fresh = partsOf(memo).filter((statement) => !parts.some((part) => says(part, statement)));
  if (fresh.length === 0) return { fact, action: 'abort', memo: '' };
  if (isSingleValued(subTopic)) return { fact, action: 'update', memo };
  const kept = parts.filter((part) => !fresh.some((statement) => contradicts(statement, part)));
  if (kept.length < parts.length || fresh.some((statement) => CORRECTION.test(statement))) {
    return { fact, action: 'update', memo: joinParts([...kept, ...fresh]) };
  }
  return { fact, action: 'append', memo: joinParts(fresh) };
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Whether `known` holds `statement` whole; "likes jazz" is not held by "dislikes jazz", nor 28 by 128. */
function says(known: string, statement: string): boolean {
  const [whole, piece] = [plain(known), plain(statement)];
  if (whole === piece) return true;
  if (NEGATION.test(known) !== NEGATION.test(statement) || piece === '') return false;
  const escaped = piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return /\p{Script=Han}/u.test(piece)
    ? piece.length > 1 && whole.includes(piece)
    : new RegExp(`(?:^| )${escaped}(?: |$)`).test(whole);
}

/** Two statements about the same thing, one of which denies or corrects the other. */
function contradicts(statement: string, known: string): boolean {
  const opposed = NEGATION.test(statement) !== NEGATION.test(known) || CORRECTION.test(statement);
  return opposed && [...objects(statement)].some((word) => objects(known).has(word));
}

const VERBS = new Set(
  'likes like loves love enjoys enjoy dislikes dislike hates hate no longer not does do is are has have plays play now actually the a an to of in on with and eats eat drinks drink any anymore really'.split(
    ' ',
  ),
);
const CHINESE_VERBS = /不再|不太|不|没|最|很|特别|非常|其实|现在|喜欢|热爱|讨厌|爱|了|的|在|和/gu;

/** What a statement is about: its English words, and its Chinese in pairs of characters. */
function objects(statement: string): Set<string> {
  const words = plain(statement.replace(CHINESE_VERBS, ' ')).split(' ');
  const found = new Set<string>();
  for (const word of words) {
    if (!/\p{Script=Han}/u.test(word)) {
      if (word !== '' && !VERBS.has(word)) found.add(word);
      continue;
    }
    for (let at = 0; at + 1 < word.length; at++) found.add(word.slice(at, at + 2));
    if (word.length === 1) found.add(word);
  }
  return found;
}
