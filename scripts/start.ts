import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from '../shared/config.ts';
import { MemoryError } from '../shared/domain/errors.ts';
import { type Server, serve } from './serve.ts';

const USAGE = `npm start [-- --port N]

Builds the functions and serves them on 127.0.0.1 in a local Function Compute.
Settings come from config.yaml and MEMOBASE_* variables; see README.md.

  --port N   port to listen on (default 8019)
  --help     this text`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '8019' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(USAGE);
  const server = await serve({ port: portOf(values.port), outDir: join(import.meta.dirname, '..', 'dist') });
  console.log(banner(server));
  const stop = (): void => {
    console.log('Stopping: running work ends first.');
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new MemoryError('invalid_request', `--port has to be a number from 0 to 65535; got ${text}.`);
}

function banner({ url, token, config, offline }: Server): string {
  const embedder = config.embedding_base_url ?? (config.embedding_api_key ? 'OpenAI' : null);
  const id = '00000000-0000-4000-8000-000000000001';
  const curl = `curl -s -H 'Authorization: Bearer ${token}'`;
  const post = `${curl} -H 'Content-Type: application/json' -X POST`;
  return [
    '',
    `lindorm-memobase on ${url}   token: ${token}`,
    `  store      ${storeText(config)}`,
    offline
      ? '  model      offline-rules: a rule-based stand-in, no language model. It knows simple statements in\n' +
        '             English and Chinese. For a real one set MEMOBASE_LLM_API_KEY (and MEMOBASE_LLM_BASE_URL).'
      : `  model      ${config.best_llm_model} at ${config.llm_base_url ?? 'OpenAI'}`,
    embedder === null
      ? '  embedder   none: search goes by words alone. Set MEMOBASE_EMBEDDING_API_KEY or _BASE_URL for vectors.'
      : `  embedder   ${config.embedding_model}, ${config.embedding_dim} dimensions, at ${embedder}`,
    `  timer      every minute; a buffer is flushed after ${config.buffer_flush_interval} s, or ` +
      `beyond ${config.max_chat_blob_buffer_token_size} tokens`,
    '',
    'Try:',
    `  ${post} ${url}/api/v1/users -d '{"id":"${id}"}'`,
    `  ${post} ${url}/api/v1/blobs/insert/${id} -d '{"blob_type":"chat","blob_data":{"messages":[{"role":"user","content":"我最喜欢在周末弹吉他，特别是爵士乐"}]}}'`,
    `  ${curl} -X POST '${url}/api/v1/users/buffer/${id}/chat?wait_process=true'`,
    `  ${curl} '${url}/api/v1/users/context/${id}?max_token_size=500'`,
    '',
  ].join('\n');
}

const PLACES: Record<Config['store'], (config: Config) => string> = {
  sqlite: (config) => config.sqlite_path,
  mysql: (config) => `${config.mysql_database} at ${config.mysql_host}:${config.mysql_port}`,
  lindorm: (config) =>
    `${config.lindorm_table_database} at ${config.lindorm_table_host}:${config.lindorm_table_port}`,
};

function storeText(config: Config): string {
  return `${config.store}, ${PLACES[config.store](config)}${config.search ? `; search: ${config.search}` : ''}`;
}

main().catch((error: unknown) => {
  console.error(error instanceof MemoryError ? error.message : error);
  process.exit(1);
});
