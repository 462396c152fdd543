import { CATEGORIES, type Conversation } from './conversation.ts';
import { type Answered, createScorer, type Score } from './score.ts';

/** One line of the table: a budget and a category, or a budget and all questions. */
export interface Summary {
  readonly level: string;
  readonly group: string;
  readonly questions: number;
  readonly recall: number;
  /** Standard error of the recall. */
  readonly error: number;
  /** The recall that a context without a budget would have. */
  readonly ceiling: number;
  readonly tokensMean: number;
  readonly tokensMax: number;
  readonly overBudget: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

type Scored = Answered & Score;

/** The table of a run: per budget all questions, then each category. */
export function summarize(conversations: readonly Conversation[], answers: readonly Answered[]): Summary[] {
  const scored = scoreAll(conversations, answers);
  return [...new Set(answers.map(({ level }) => level))].flatMap((level) => {
    const rows = scored.filter((row) => row.level === level);
    const parts = Object.entries(CATEGORIES).map(
      ([category, name]) => [name, rows.filter((row) => row.category === Number(category))] as const,
    );
    return [['overall', rows] as const, ...parts]
      .filter(([, part]) => part.length > 0)
      .map(([group, part]) => summaryOf(level, group, part));
  });
}

function scoreAll(conversations: readonly Conversation[], answers: readonly Answered[]): Scored[] {
  const byId = new Map(
    conversations.map((conversation) => [
      conversation.id,
      { questions: conversation.questions, score: createScorer(conversation) },
    ]),
  );
  return answers.flatMap((answer) => {
    const conversation = byId.get(answer.conversation);
    const question = conversation?.questions[answer.question];
    if (conversation === undefined || question === undefined) return [];
    return [{ ...answer, ...conversation.score(question, answer.context, answer.budget) }];
  });
}

function summaryOf(level: string, group: string, rows: readonly Scored[]): Summary {
  const recalls = rows.flatMap(({ recall }) => recall ?? []);
  const tokens = rows.map((row) => row.tokens);
  const times = rows.map(({ ms }) => ms);
  return {
    level,
    group,
    questions: rows.length,
    recall: mean(recalls),
    error: standardError(recalls),
    ceiling: mean(rows.flatMap(({ ceiling }) => ceiling ?? [])),
    tokensMean: mean(tokens),
    tokensMax: Math.max(...tokens),
    overBudget: rows.filter(({ over }) => over).length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
  };
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** The smallest value that at least the share `p` of the values does not exceed. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}
