import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MemoryError } from '../shared/domain/errors.ts';
import { migrateDatabase } from '../shared/runtime.ts';
import { type Client, createClient } from './demo/client.ts';
import { CONVERSATIONS, type Conversation } from './demo/conversations.ts';
import { readConversation } from './demo/read-file.ts';
import { type Server, serve } from './serve.ts';

const USAGE = `npm run demo [-- [--store STORE] [--search SEARCH] [FILE]]

Feeds conversations into a memory over HTTP, lets the timer extract them, and prints the profile,
the timeline and a context for one question. Needs no key and no server: unless told otherwise it
uses a temporary store and a rule-based stand-in for a model.

  FILE             a conversation of your own: [{"role", "content", "created_at"?, "name"?}] as
                   JSON or JSON lines, or a LoCoMo conversation
  --store STORE    sqlite (default), mysql or lindorm; the last two where MEMOBASE_MYSQL_* or
                   MEMOBASE_LINDORM_* say; the demo's users are deleted at the end
  --search SEARCH  sqlite, opensearch, lindorm or scan`;

const CONTEXT_TOKENS = 300;
const TICK_MS = 1_000;
const GIVE_UP_MS = 600_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      store: { type: 'string', default: 'sqlite' },
      search: { type: 'string' },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const [file] = positionals;
  const conversations = file === undefined ? CONVERSATIONS : [readConversation(file)];
  const folder = mkdtempSync(join(tmpdir(), 'memobase-demo-'));
  process.env['MEMOBASE_STORE'] = values.store;
  if (values.search !== undefined) process.env['MEMOBASE_SEARCH'] = values.search;
  try {
    const server = await startServer(folder);
    const client = createClient(server);
    for (const conversation of conversations) await play(conversation, client);
    await server.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startServer(folder: string): Promise<Server> {
  // Always a file of its own, whatever the environment names: a demo never writes into real memory.
  process.env['MEMOBASE_SQLITE_PATH'] = join(folder, 'memory.db');
  if (process.env['MEMOBASE_STORE'] !== 'sqlite') await migrateDatabase({ dryRun: false });
  const server = await serve({
    port: 0,
    outDir: join(folder, 'dist'),
    tickMs: TICK_MS,
    defaults: { MEMOBASE_BUFFER_FLUSH_INTERVAL: '2', MEMOBASE_LOG_LEVEL: 'error' },
  });
  console.log(`[start]    functions serve on ${server.url}, store ${server.config.store}`);
  console.log(
    server.offline
      ? '[start]    model: offline-rules, a rule-based stand-in (no key is configured); search by words alone'
      : `[start]    model: ${server.config.best_llm_model}`,
  );
  return server;
}

async function play({ title, messages, question }: Conversation, client: Client): Promise<void> {
  console.log(`\n===== ${title} =====`);
  const { id } = await client.createUser();
  for (const message of messages) await client.insert(id, [message]);
  console.log(`[buffer]   ${messages.length} messages accepted for user ${id}`);
  await drained(id, client);
  const { profiles } = await client.profile(id);
  console.log(`\nProfile (${profiles.length})`);
  for (const { content, attributes } of profiles)
    console.log(`  ${attributes.topic} / ${attributes.sub_topic}: ${content}`);
  const { events } = await client.events(id);
  console.log('\nTimeline');
  for (const { event_data } of events.toReversed()) console.log(event_data.event_tip.replace(/^- /gm, '  '));
  const { context } = await client.context(id, question, CONTEXT_TOKENS);
  console.log(`\nContext for "${question}" within ${CONTEXT_TOKENS} tokens\n${context}`);
  await client.deleteUser(id);
}

/** Waits until the timer has had the buffer extracted, and says how it goes. */
async function drained(userId: string, client: Client): Promise<void> {
  const giveUp = Date.now() + GIVE_UP_MS;
  let shown = '';
  while (Date.now() < giveUp) {
    const [idle, processing, failed] = await Promise.all(
      (['idle', 'processing', 'failed'] as const).map(
        async (status) => (await client.buffer(userId, status)).ids.length,
      ),
    );
    const state = `[extract]  ${idle} waiting for the timer, ${processing} in extraction, ${failed} failed`;
    if (state !== shown) console.log(state);
    shown = state;
    if (idle === 0 && processing === 0) return;
    await sleep(200);
  }
  throw new MemoryError(
    'out_of_time',
    `The buffer was not extracted within ${GIVE_UP_MS / 1_000} s; see the log above.`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof MemoryError ? error.message : error);
  process.exit(1);
});
