import { type Config, loadConfig } from '../shared/config.ts';
import { log, setLogLevel } from '../shared/log.ts';
import { createRuntime } from '../shared/runtime.ts';
import { buildFunctions } from './build/functions.ts';
import { projectDeployments } from './dev/deployments.ts';
import { type LocalFunctionCompute, startLocalFunctionCompute } from './dev/local-function-compute.ts';

export const LOCAL_TOKEN = 'secret';

export interface ServeOptions {
  readonly port: number;
  /** Where the functions are built to. */
  readonly outDir: string;
  /** Milliseconds between two ticks of `buffer-check`. */
  readonly tickMs?: number;
  /** Settings for this server that the environment does not set itself. */
  readonly defaults?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  readonly token: string;
  readonly config: Config;
  /** Whether the rule-based stand-in answers, because no model is configured. */
  readonly offline: boolean;
  close(): Promise<void>;
}

/**
 * Builds the functions and runs them in a local Function Compute, the way they are deployed. Without a model in
 * the configuration the offline model is started beside them.
 */
export async function serve({ port, outDir, tickMs, defaults = {} }: ServeOptions): Promise<Server> {
  setDefaults({ MEMOBASE_ACCESS_TOKEN: LOCAL_TOKEN, ...defaults });
  const { config: given } = await loadConfig();
  setLogLevel(given.log_level);
  const offline = given.llm_api_key === undefined && given.llm_base_url === undefined;
  const model = offline ? await startOfflineModel() : null;
  if (model !== null)
    setDefaults({ MEMOBASE_LLM_BASE_URL: model.url, MEMOBASE_BEST_LLM_MODEL: 'offline-rules' });
  await assertUsable();
  await buildFunctions({ outDir });
  const compute = await startCompute(outDir, port, tickMs);
  process.env['MEMOBASE_INVOKER_URL'] = compute.url;
  const { config } = await loadConfig();
  return {
    url: compute.url,
    token: config.access_token ?? LOCAL_TOKEN,
    config,
    offline,
    async close() {
      await compute.close();
      await model?.close();
    },
  };
}

/** A wrong database, index or setting stops the start instead of the first request. */
async function assertUsable(): Promise<void> {
  const { config } = await loadConfig();
  const { store, search } = await createRuntime(config);
  await Promise.all([store.close(), search.close()]);
}

async function startOfflineModel() {
  const offlineModel = await import('./offline-model/server.ts');
  return offlineModel.startOfflineModel({});
}

function setDefaults(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ||= value;
}

function startCompute(
  outDir: string,
  port: number,
  tickMs: number | undefined,
): Promise<LocalFunctionCompute> {
  const functions = projectDeployments(outDir).map((deployment) =>
    deployment.timer === undefined || tickMs === undefined
      ? deployment
      : { ...deployment, timer: { ...deployment.timer, intervalMs: tickMs } },
  );
  return startLocalFunctionCompute({ functions, port, region: 'local', log });
}
