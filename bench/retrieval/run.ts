import type { BenchClient } from './client.ts';
import type { Conversation } from './conversation.ts';
import { memoryTokens } from './exact-tokens.ts';
import { budgetOf, type Level, levelName } from './options.ts';
import type { Answered } from './score.ts';

export interface RunInput {
  readonly conversations: readonly Conversation[];
  readonly levels: readonly Level[];
  readonly client: BenchClient;
  /** Chat calls the model has had so far. */
  readonly chatCalls: () => number;
  readonly progress: (line: string) => void;
}
export interface Run {
  readonly answers: readonly Answered[];
  /** Calls of the language model while contexts were read. */
  readonly chatCallsOnRead: number;
}

/** One user per conversation: all of it goes in, then every question is asked at every level. */
export async function runBenchmark({
  conversations,
  levels,
  client,
  chatCalls,
  progress,
}: RunInput): Promise<Run> {
  const answers: Answered[] = [];
  let chatCallsOnRead = 0;
  for (const conversation of conversations) {
    const started = performance.now();
    const user = await client.ingest(conversation);
    const { id, sessions, questions } = conversation;
    progress(`${id}: ${sessions.length} sessions in ${Math.round(performance.now() - started)} ms`);
    const before = chatCalls();
    const memory = memoryTokens(conversation);
    for (const [question, { question: text, category }] of questions.entries()) {
      for (const level of levels) {
        const budget = budgetOf(level, memory);
        const asked = performance.now();
        const context = await client.ask(user, text, budget);
        const ms = performance.now() - asked;
        answers.push({ conversation: id, question, category, level: levelName(level), budget, context, ms });
      }
    }
    chatCallsOnRead += chatCalls() - before;
  }
  return { answers, chatCallsOnRead };
}
