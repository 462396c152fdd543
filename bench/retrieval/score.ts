import type { Conversation, Question } from './conversation.ts';
import { countTokens, cutToTokens } from './exact-tokens.ts';

/** What the product answered to one question under one budget. */
export interface Answered {
  readonly conversation: string;
  /** Index of the question in its conversation. */
  readonly question: number;
  readonly category: Question['category'];
  /** Which of the budgets asked for, as the tables show it. */
  readonly level: string;
  /** In o200k_base tokens. */
  readonly budget: number;
  readonly context: string;
  readonly ms: number;
}
export interface Score {
  /** Tokens of the returned text, the part past the budget included. */
  readonly tokens: number;
  readonly over: boolean;
  /** Share of the evidence turns found; null for a question without evidence. */
  readonly recall: number | null;
  /** Share of the evidence turns that have any gist at all. */
  readonly ceiling: number | null;
}

/** Case, line breaks and blanks do not count. */
const flat = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ');

/**
 * Scores contexts of one conversation: an evidence turn is found when a stored gist made from that turn stands whole
 * in the context. What is past the budget does not count.
 */
export function createScorer(
  conversation: Conversation,
): (question: Question, context: string, budget: number) => Score {
  const gistsOfTurn = new Map<string, string[]>();
  for (const { text, evidence } of conversation.sessions.flatMap(({ facts }) => facts)) {
    for (const turn of evidence) gistsOfTurn.set(turn, [...(gistsOfTurn.get(turn) ?? []), flat(text)]);
  }
  return ({ evidence }, context, budget) => {
    const tokens = countTokens(context);
    const over = tokens > budget;
    const text = flat(over ? cutToTokens(context, budget) : context);
    const gists = evidence.map((turn) => gistsOfTurn.get(turn) ?? []);
    const found = gists.filter((candidates) => candidates.some((gist) => text.includes(gist))).length;
    const reachable = gists.filter((candidates) => candidates.length > 0).length;
    const share = (count: number): number | null => (evidence.length === 0 ? null : count / evidence.length);
    return { tokens, over, recall: share(found), ceiling: share(reachable) };
  };
}
