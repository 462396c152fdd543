import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { MemoryError } from './domain/errors.ts';
import { isTimeZone } from './domain/time.ts';

const ENV_PREFIX = 'MEMOBASE_';
/** Where the YAML file is looked for unless `MEMOBASE_CONFIG_FILE` names one. */
const DEFAULT_FILE = 'config.yaml';

const text = z.string().min(1);
const stringMap = z.record(z.string(), z.string());
const port = z.int().min(1).max(65_535);
const lifetime = z
  .int()
  .refine((seconds) => seconds === -1 || seconds > 0, 'seconds above 0, or -1 for ever');
const url = z.url({ protocol: /^https?$/ });

/**
 * Every setting, its default and its rule. A setting is named in `config.yaml` as here and in the environment as
 * `MEMOBASE_<NAME IN CAPITALS>`; an empty string counts as absent.
 */
export const configSchema = z.object({
  /** Where memory is stored. */
  store: z.enum(['sqlite', 'mysql', 'lindorm']).default('sqlite'),
  sqlite_path: text.default('.data/memobase.db'),
  mysql_host: text.default('localhost'),
  mysql_port: port.default(3306),
  mysql_username: text.default('root'),
  mysql_password: text.optional(),
  mysql_database: text.default('memobase'),
  /** Connections per function instance, which serves one request at a time. */
  mysql_pool_size: z.int().min(1).max(100).default(2),
  mysql_use_ssl: z.boolean().default(false),
  /** Certificate of the authority, as a PEM file's path or its text; without one, those Node trusts. */
  mysql_ca: text.optional(),
  /** False takes any certificate, under any name. */
  mysql_ssl_verify: z.boolean().default(true),
  lindorm_table_host: text.default('localhost'),
  lindorm_table_port: port.default(33060),
  lindorm_table_username: text.default('root'),
  lindorm_table_password: text.optional(),
  lindorm_table_database: text.default('memobase'),
  lindorm_table_pool_size: z.int().min(1).max(100).default(2),
  lindorm_table_use_ssl: z.boolean().default(false),
  lindorm_table_ca: text.optional(),
  lindorm_table_ssl_verify: z.boolean().default(true),
  /** Seconds after which Lindorm drops events and gists; -1 keeps them. */
  lindorm_events_ttl: lifetime.default(15_552_000),
  lindorm_event_gists_ttl: lifetime.default(15_552_000),
  /** Which index is searched; unless named, the store's own: sqlite, lindorm, and for mysql a scan of the newest gists. */
  search: z.enum(['sqlite', 'opensearch', 'lindorm', 'scan']).optional(),
  opensearch_url: url.default('http://localhost:9200'),
  opensearch_username: text.optional(),
  opensearch_password: text.optional(),
  /** Certificate of the authority, as a PEM file's path or its text; without one, those Node trusts. */
  opensearch_ca: text.optional(),
  opensearch_index_prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'lower-case letters, digits, _ and -')
    .default('memobase'),
  lindorm_search_host: text.default('localhost'),
  lindorm_search_port: port.default(30070),
  lindorm_search_use_ssl: z.boolean().default(false),
  /** Without a name and a password, those of the table engine. */
  lindorm_search_username: text.optional(),
  lindorm_search_password: text.optional(),
  /** Root token of the HTTP interface; without one every request is refused. */
  access_token: text.optional(),
  /** What is logged: this level and above. */
  log_level: z.enum(['info', 'warn', 'error']).default('info'),
  /** How functions start each other, and where: the base URL of a local Function Compute. */
  invoker: z.enum(['local']).default('local'),
  invoker_url: url.default('http://127.0.0.1:8019'),
  /** Language of prompts, default topics and the context's frame. */
  language: z.enum(['en', 'zh']).default('en'),
  /** IANA zone in which days are cut. */
  use_timezone: z.string().refine(isTimeZone, 'an IANA time zone such as Asia/Shanghai').default('UTC'),
  /** Unprocessed tokens beyond which extraction starts at once. */
  max_chat_blob_buffer_token_size: z.int().min(1).default(1024),
  /** Most conversation tokens one extraction call sees. */
  max_chat_blob_buffer_process_token_size: z.int().min(64).default(16384),
  /** Seconds until a buffer that is not full is flushed. */
  buffer_flush_interval: z.int().min(1).default(3600),
  flush_shards: z.int().min(1).max(1024).default(16),
  llm_base_url: url.optional(),
  llm_api_key: text.optional(),
  llm_openai_default_query: stringMap.optional(),
  llm_openai_default_header: stringMap.optional(),
  best_llm_model: text.default('gpt-4o-mini'),
  llm_structured_output: z.enum(['auto', 'json_schema', 'json_object', 'text']).default('auto'),
  /** False: no embeddings; search goes by words alone. */
  enable_event_embedding: z.boolean().default(true),
  /** False: profiles are searched by words alone. */
  enable_profile_embedding: z.boolean().default(true),
  embedding_base_url: url.optional(),
  embedding_api_key: text.optional(),
  embedding_model: text.default('text-embedding-3-small'),
  embedding_dim: z.int().min(1).max(8192).default(1536),
  /** Orders what a profile search found; there is none without a base URL or a key. */
  rerank_provider: z.enum(['openai', 'dashscope', 'lindormai']).default('lindormai'),
  rerank_base_url: url.optional(),
  rerank_api_key: text.optional(),
  rerank_model: text.default('qwen3-rerank'),
  /** Account of Lindorm's AI service, which takes no key. */
  lindorm_username: text.optional(),
  lindorm_password: text.optional(),
});
export type Config = z.infer<typeof configSchema>;

export interface LoadedConfig {
  readonly config: Config;
  /** Names that were set and that nothing reads. */
  readonly unknown: readonly string[];
}

/**
 * Reads the configuration once: defaults < YAML file < environment. Throws `config_invalid` naming each wrong key,
 * its rule and (unless it is a secret) what it got.
 */
export async function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<LoadedConfig> {
  const file = await readFile(env[`${ENV_PREFIX}CONFIG_FILE`]);
  const fromEnv = readEnvironment(env);
  const merged = { ...file, ...fromEnv.values };
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => describe(issue, merged));
    throw new MemoryError('config_invalid', `The configuration is wrong:\n${lines.join('\n')}`);
  }
  const unknown = Object.keys(file).filter((key) => !(key in configSchema.shape));
  return { config: parsed.data, unknown: [...unknown, ...fromEnv.unknown] };
}

async function readFile(named: string | undefined): Promise<Record<string, unknown>> {
  const path = named || DEFAULT_FILE;
  if (!existsSync(path)) {
    if (!named) return {};
    throw new MemoryError(
      'config_invalid',
      `${ENV_PREFIX}CONFIG_FILE names ${path}, and there is no such file.`,
    );
  }
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new MemoryError('config_invalid', `${path} is not valid YAML: ${text}`, { cause: error });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new MemoryError(
      'config_invalid',
      `${path} has to hold a mapping of settings, such as "language: zh".`,
    );
  }
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null && value !== ''));
}

/** Variables that carry the prefix but are not settings. */
const OTHER_VARIABLES = new Set([`${ENV_PREFIX}CONFIG_FILE`]);

function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  values: Record<string, unknown>;
  unknown: string[];
} {
  const values: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(ENV_PREFIX) || OTHER_VARIABLES.has(name) || value === undefined || value === '')
      continue;
    const key = name.slice(ENV_PREFIX.length).toLowerCase();
    const schema = configSchema.shape[key as keyof Config];
    if (schema === undefined) unknown.push(name);
    else values[key] = fromText(schema, value);
  }
  return { values, unknown };
}

/** A variable is read as JSON where the setting is not a string; an all-digit password stays a string. */
function fromText(schema: z.ZodType, value: string): unknown {
  if (schema.safeParse(value).success) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    const lower = value.toLowerCase();
    return lower === 'true' || lower === 'false' ? lower === 'true' : value;
  }
}

const SECRET = /token|key|password|header/;

function describe(issue: z.core.$ZodIssue, values: Record<string, unknown>): string {
  const key = String(issue.path[0] ?? '');
  const got = SECRET.test(key) ? 'a secret value' : JSON.stringify(values[key]);
  return `- ${issue.path.join('.')}: ${issue.message}; got ${got} (set it in config.yaml or as ${ENV_PREFIX}${key.toUpperCase()})`;
}
