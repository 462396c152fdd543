import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenAiEmbedder } from './adapters/embeddings/openai.ts';
import { createLocalInvoker } from './adapters/invoker/local.ts';
import { createOpenAiLlm } from './adapters/llm/openai.ts';
import { createSqliteSearch } from './adapters/search/sqlite.ts';
import { sqliteDialect } from './adapters/sql/dialect.ts';
import { migrate } from './adapters/sql/migrate.ts';
import { openSqlite } from './adapters/sql/sqlite.ts';
import { createSqlStore } from './adapters/sql/store.ts';
import { loadTokenizer } from './adapters/tokenizer/tiktoken.ts';
import type { Deps, Embedder, Timers } from './app/ports.ts';
import { type Config, loadConfig } from './config.ts';
import { MemoryError } from './domain/errors.ts';
import { log, setLogLevel } from './log.ts';

/** One model call, its retries and its repair included. */
const LLM_BUDGET_MS = 60_000;

/** Sent where an OpenAI-compatible server asks for no key; the client insists on one. */
const NO_KEY = 'none';

const realTimers: Timers = {
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  async sleep(ms) {
    await sleep(ms);
  },
};

const STORES = { sqlite: openEmbedded } as const satisfies Record<Config['store'], OpenStore>;
type OpenStore = (config: Config, dimension: number | null) => Promise<Pick<Deps, 'store' | 'search'>>;

const INVOKERS = {
  local: ({ invoker_url: url }: Config) => createLocalInvoker(url),
} as const satisfies Record<Config['invoker'], (config: Config) => Deps['invoker']>;

/** Connects the configuration's adapters to what the use cases need. */
export async function createRuntime(config: Config): Promise<Deps> {
  const embedder = embedderOf(config);
  const stores = await STORES[config.store](config, embedder === null ? null : config.embedding_dim);
  return {
    ...stores,
    llm: createOpenAiLlm({
      baseUrl: config.llm_base_url,
      apiKey: config.llm_api_key ?? NO_KEY,
      model: config.best_llm_model,
      defaultQuery: config.llm_openai_default_query,
      defaultHeaders: config.llm_openai_default_header,
      structuredOutput: config.llm_structured_output,
      log,
    }),
    embedder,
    tokenizer: loadTokenizer,
    invoker: INVOKERS[config.invoker](config),
    clock: Date.now,
    timers: realTimers,
    randomId: randomUUID,
    settings: {
      language: config.language,
      timeZone: config.use_timezone,
      flushIntervalS: config.buffer_flush_interval,
      bufferTokens: config.max_chat_blob_buffer_token_size,
      batchTokens: config.max_chat_blob_buffer_process_token_size,
      shards: config.flush_shards,
      llmTimeoutMs: LLM_BUDGET_MS,
    },
    log,
  };
}

async function openEmbedded(
  config: Config,
  dimension: number | null,
): Promise<Pick<Deps, 'store' | 'search'>> {
  const executor = await openSqlite(config.sqlite_path);
  await migrate(executor, sqliteDialect, Date.now());
  return {
    store: createSqlStore(executor, sqliteDialect),
    search: await createSqliteSearch(executor, dimension),
  };
}

/** An embedding service is there when one is named, or when the model's key opens OpenAI's own. */
function embedderOf(config: Config): Embedder | null {
  const ownKey = config.embedding_api_key ?? (config.embedding_base_url === undefined ? undefined : NO_KEY);
  const apiKey = ownKey ?? (config.llm_base_url === undefined ? config.llm_api_key : undefined);
  if (!config.enable_event_embedding || apiKey === undefined) return null;
  return createOpenAiEmbedder({
    baseUrl: config.embedding_base_url,
    apiKey,
    model: config.embedding_model,
    dimension: config.embedding_dim,
    log,
  });
}

let loaded: Promise<Config> | null = null;
let opened: Promise<Deps> | null = null;

function config(): Promise<Config> {
  loaded ??= loadConfig().then((outcome) => {
    setLogLevel(outcome.config.log_level);
    if (outcome.unknown.length > 0) log('warn', 'settings_unknown', { names: outcome.unknown });
    return outcome.config;
  });
  return loaded;
}

/** The runtime of this function instance, opened on first use and kept; a failure is not kept. */
export function openRuntime(): Promise<Deps> {
  opened ??= config()
    .then(createRuntime)
    .catch((error: unknown) => {
      loaded = null;
      opened = null;
      throw error;
    });
  return opened;
}

/** The configured root token. Throws `config_invalid` without one: an open memory is nobody's wish. */
export async function rootToken(): Promise<string> {
  const { access_token: token } = await config();
  if (token !== undefined) return token;
  throw new MemoryError('config_invalid', 'No access token is configured. Set MEMOBASE_ACCESS_TOKEN.');
}

/** Closes what the instance holds; the platform calls it before it stops one. */
export async function closeRuntime(): Promise<void> {
  const closing = opened;
  opened = null;
  if (closing !== null) await (await closing).store.close();
}
