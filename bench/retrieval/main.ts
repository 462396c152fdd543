import { writeFileSync } from 'node:fs';
import { MemoryError } from '../../shared/domain/errors.ts';
import { createBenchClient } from './client.ts';
import { type Conversation, readConversations } from './conversation.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { startProduct } from './product.ts';
import { startReplayServer } from './replay-server.ts';
import { reportOf } from './report.ts';
import { type Run, runBenchmark } from './run.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(USAGE);
  const conversations = readConversations(options.data, options.split);
  const { answers, chatCallsOnRead } = await measure(options, conversations);
  if (options.out !== null) writeFileSync(options.out, jsonLines(answers));
  console.log(`\n${describe(options)}\n\n${reportOf(conversations, answers)}`);
  console.log(`calls of the language model while reading: ${chatCallsOnRead}`);
  if (chatCallsOnRead > 0) throw new MemoryError('internal', 'Reading a context called the language model.');
}

async function measure(options: Options, conversations: readonly Conversation[]): Promise<Run> {
  const replay = await startReplayServer(conversations, options.embeddings.dimension);
  try {
    const product = await startProduct(options, replay.url);
    try {
      return await runBenchmark({
        conversations,
        levels: options.levels,
        client: createBenchClient(product.server),
        chatCalls: () => Object.values(replay.chatCalls()).reduce((sum, calls) => sum + calls, 0),
        progress: (line) => console.error(line),
      });
    } finally {
      await product.close();
    }
  } finally {
    await replay.close();
  }
}

/** The form in which LoCoMo's own tools take contexts. */
function jsonLines(answers: Run['answers']): string {
  return answers
    .map(({ conversation: conv, question: q, budget, context, ms }) =>
      JSON.stringify({ conv, q, budget, context, ms }),
    )
    .join('\n')
    .concat('\n');
}

function describe({ data, store, search, language, embeddings }: Options): string {
  const { enabled, url, model, dimension } = embeddings;
  const vectors = enabled
    ? url === null
      ? `hashed words, ${dimension} dimensions`
      : `${model}, ${dimension} dimensions`
    : 'none';
  return `data ${data}   store ${store}   search ${search ?? 'of the store'}   language ${language}   embeddings: ${vectors}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof MemoryError ? error.message : error);
  process.exit(1);
});
