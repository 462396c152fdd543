import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenAiEmbedder } from './adapters/embeddings/openai.ts';
import { createLocalInvoker } from './adapters/invoker/local.ts';
import { createOpenAiLlm } from './adapters/llm/openai.ts';
import type { EmbeddingModel } from './adapters/sql/embedding-spaces.ts';
import type { MigrationPlan } from './adapters/sql/migrate.ts';
import { loadTokenizer } from './adapters/tokenizer/tiktoken.ts';
import type { Deps, Embedder, Timers } from './app/ports.ts';
import type { ReembedReport } from './app/reembed.ts';
import { type Config, loadConfig } from './config.ts';
import { MemoryError } from './domain/errors.ts';
import { log, setLogLevel } from './log.ts';
import { rerankerOf } from './runtime/reranker.ts';
import { migrateStores, openStores, reembedStores } from './runtime/stores.ts';

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

const INVOKERS = {
  local: ({ invoker_url: url }: Config) => createLocalInvoker(url),
} as const satisfies Record<Config['invoker'], (config: Config) => Deps['invoker']>;

/** Connects the configuration's adapters to what the use cases need. */
export async function createRuntime(config: Config): Promise<Deps> {
  const service = embeddingService(config);
  const embedder = config.enable_event_embedding ? service : null;
  const slotEmbedder = config.enable_profile_embedding ? service : null;
  const reranker = rerankerOf(config, log);
  const stores = await openStores(config, modelInUse(config));
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
    slotEmbedder,
    reranker,
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

function modelInUse(config: Config): EmbeddingModel | null {
  const used = config.enable_event_embedding || config.enable_profile_embedding;
  return used && embeddingService(config) !== null ? embeddingModel(config) : null;
}

const embeddingModel = (config: Config): EmbeddingModel => ({
  model: config.embedding_model,
  dimension: config.embedding_dim,
});

/** An embedding service is there when one is named, or when the model's key opens OpenAI's own. */
function embeddingService(config: Config): Embedder | null {
  const ownKey = config.embedding_api_key ?? (config.embedding_base_url === undefined ? undefined : NO_KEY);
  const apiKey = ownKey ?? (config.llm_base_url === undefined ? config.llm_api_key : undefined);
  if (apiKey === undefined) return null;
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

/** Brings the configured database and search index to this code's schema, or only says what that would do. */
export async function migrateDatabase(options: { readonly dryRun: boolean }): Promise<MigrationPlan> {
  const settings = await config();
  return migrateStores(settings, modelInUse(settings), options);
}

/** Embeds everything stored with the configured model, beside the vectors in use. */
export async function reembedDatabase(): Promise<ReembedReport> {
  const settings = await config();
  const embedder = embeddingService(settings);
  if (embedder !== null) return reembedStores(settings, embeddingModel(settings), embedder);
  throw new MemoryError(
    'config_invalid',
    'No embedding service is configured. Set embedding_model, embedding_dim and embedding_api_key or _base_url.',
  );
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
  if (closing === null) return;
  const { store, search } = await closing;
  await Promise.all([store.close(), search.close()]);
}
