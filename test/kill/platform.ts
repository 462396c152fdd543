import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Random } from '../simulation/random.ts';
import { TOKEN } from './client.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { startJsonServer } from './json-server.ts';
import { createLogReader } from './log-reader.ts';
import { createModel, DIMENSION, type ScriptedModel } from './model.ts';
import { createQueue, type InvocationQueue } from './queue.ts';
import type { Tally } from './tally.ts';

export interface PlatformOptions {
  readonly workers: number;
  /** Milliseconds between two ticks of the timer in each worker. */
  readonly tickMs: number;
  /** For the built functions and the configuration; the caller removes it. */
  readonly folder: string;
  /** Where the store is, as `MEMOBASE_*` variables. */
  readonly store: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly fleet: Fleet;
  readonly queue: InvocationQueue;
  readonly model: ScriptedModel;
  /** The configuration of the functions. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Small buffers, so that every way into extraction is taken often and messages come in pieces. */
const BUFFERS = {
  MEMOBASE_MAX_CHAT_BLOB_BUFFER_TOKEN_SIZE: '150',
  MEMOBASE_MAX_CHAT_BLOB_BUFFER_PROCESS_TOKEN_SIZE: '400',
  MEMOBASE_BUFFER_FLUSH_INTERVAL: '2',
  MEMOBASE_FLUSH_SHARDS: '4',
};

/** Builds the functions and starts the workers that run them, with a model and a queue in this process. */
export async function startPlatform(
  options: PlatformOptions,
  world: { readonly random: Random; readonly tally: Tally; readonly complain: (what: string) => void },
): Promise<Platform> {
  const { folder, workers, tickMs } = options;
  const { random, tally, complain } = world;
  const functionsDir = join(folder, 'functions');
  await buildFunctions({ outDir: functionsDir });
  // The worker is built like a function, so that one that was killed is back in no time.
  const [worker] = await buildFunctions({
    outDir: join(folder, 'worker'),
    functionsDir: import.meta.dirname,
  });
  if (worker === undefined) throw new MemoryError('internal', 'The worker was not built.');
  const model = createModel(random, tally);
  const modelServer = await startJsonServer(model.answer);
  let queue: InvocationQueue | null = null;
  const invoker = await startJsonServer((request) => queue?.accept(request) ?? { status: 503 });
  const closeServers = async (): Promise<void> => {
    await invoker.close();
    await modelServer.close();
  };
  const env = configuration(options, modelServer.url, invoker.url);
  const entry = join(worker.folder, 'index.js');
  const settings = { entry, functionsDir, tickMs, env, onLog: createLogReader(tally, complain) };
  try {
    const fleet = await startFleet(workers, settings, world);
    queue = createQueue(fleet, random, tally);
    const close = (): Promise<void> => {
      fleet.abandon();
      return closeServers();
    };
    return { fleet, queue, model, env, close };
  } catch (error) {
    await closeServers();
    throw error;
  }
}

function configuration(
  { folder, store }: PlatformOptions,
  modelUrl: string,
  invokerUrl: string,
): Record<string, string> {
  // An empty file: what lies in the working directory is not read.
  const file = join(folder, 'config.yaml');
  writeFileSync(file, '');
  return {
    ...BUFFERS,
    MEMOBASE_CONFIG_FILE: file,
    MEMOBASE_LOG_LEVEL: 'info',
    MEMOBASE_ACCESS_TOKEN: TOKEN,
    MEMOBASE_INVOKER: 'local',
    MEMOBASE_INVOKER_URL: invokerUrl,
    MEMOBASE_LLM_BASE_URL: `${modelUrl}/v1`,
    MEMOBASE_LLM_API_KEY: 'none',
    MEMOBASE_LLM_STRUCTURED_OUTPUT: 'json_schema',
    MEMOBASE_EMBEDDING_BASE_URL: `${modelUrl}/v1`,
    MEMOBASE_EMBEDDING_API_KEY: 'none',
    MEMOBASE_EMBEDDING_MODEL: 'scripted',
    MEMOBASE_EMBEDDING_DIM: String(DIMENSION),
    ...store,
  };
}
