import type { Conversation } from './conversation.ts';
import { memoryTokens } from './exact-tokens.ts';
import type { Answered } from './score.ts';
import { type Summary, summarize } from './summary.ts';

const HEADINGS = [
  'budget',
  'group',
  'n',
  'recall',
  '±se',
  'ceiling',
  'of it',
  'tokens',
  'max',
  'over',
  'p50 ms',
  'p95 ms',
];
const WIDTHS = [7, 12, 5, 7, 6, 8, 6, 7, 6, 5, 7, 7];

/** The table of a run, and what share of the memory each budget is. */
export function reportOf(conversations: readonly Conversation[], answers: readonly Answered[]): string {
  const rows = summarize(conversations, answers).map(cellsOf);
  const table = [HEADINGS, ...rows].map((cells) =>
    cells.map((cell, column) => cell.padStart(WIDTHS[column] ?? 0)).join(' '),
  );
  return [...table, '', ...sharesOf(conversations, answers)].join('\n');
}

function cellsOf(row: Summary): string[] {
  return [
    row.level,
    row.group,
    String(row.questions),
    row.recall.toFixed(3),
    row.error.toFixed(3),
    row.ceiling.toFixed(3),
    (row.recall / row.ceiling).toFixed(3),
    row.tokensMean.toFixed(0),
    String(row.tokensMax),
    String(row.overBudget),
    row.p50Ms.toFixed(1),
    row.p95Ms.toFixed(1),
  ];
}

/** Mean over the questions of budget / tokens of the conversation's whole memory. */
function sharesOf(conversations: readonly Conversation[], answers: readonly Answered[]): string[] {
  const memory = new Map(conversations.map((conversation) => [conversation.id, memoryTokens(conversation)]));
  const sizes = [...memory.values()];
  const gists = conversations.map(({ sessions }) =>
    sessions.reduce((sum, { facts }) => sum + facts.length, 0),
  );
  return [
    `whole memories: ${gists.join(', ')} gists; ${sizes.join(', ')} tokens`,
    ...[...new Set(answers.map(({ level }) => level))].map((level) => {
      const rows = answers.filter((answer) => answer.level === level);
      const shares = rows.map(({ budget, conversation }) => budget / (memory.get(conversation) ?? 1));
      const percent = (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
      return `budget ${level}: ${percent.toFixed(1)} % of the memory`;
    }),
  ];
}
