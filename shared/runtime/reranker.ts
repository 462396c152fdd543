import { RERANK_ENDPOINTS } from '../adapters/rerank/endpoints.ts';
import { createReranker } from '../adapters/rerank/reranker.ts';
import type { Log, Reranker } from '../app/ports.ts';
import type { Config } from '../config.ts';
import { MemoryError } from '../domain/errors.ts';

/** The only provider whose address is the same for everybody. */
const DASHSCOPE = 'https://dashscope.aliyuncs.com';

/**
 * A rerank service is there when it is named, or has a key. Throws `config_invalid` where the provider has no address
 * of its own and none is given.
 */
export function rerankerOf(config: Config, log: Log): Reranker | null {
  const provider = config.rerank_provider;
  const named = config.rerank_base_url;
  const apiKey = config.rerank_api_key;
  if (named === undefined && apiKey === undefined) return null;
  const baseUrl = named ?? (provider === 'dashscope' ? DASHSCOPE : undefined);
  if (baseUrl === undefined) {
    const [{ path }] = RERANK_ENDPOINTS[provider];
    throw new MemoryError(
      'config_invalid',
      `rerank_provider ${provider} needs rerank_base_url, the address in front of ${path}.`,
    );
  }
  return createReranker({
    provider,
    baseUrl,
    apiKey,
    model: config.rerank_model,
    headers: provider === 'lindormai' ? lindormAccount(config) : {},
    log,
  });
}

function lindormAccount(config: Config): Record<string, string> {
  const user = config.lindorm_username;
  const password = config.lindorm_password;
  return {
    ...(user === undefined ? {} : { 'x-ld-ak': user }),
    ...(password === undefined ? {} : { 'x-ld-sk': password }),
  };
}
