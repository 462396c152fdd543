import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, serve } from '../../scripts/serve.ts';
import type { Options } from './options.ts';

/** Nothing but the bench starts an extraction while it runs. */
const NEVER_MS = 24 * 60 * 60_000;

export interface Product {
  readonly server: Server;
  close(): Promise<void>;
}

/**
 * Starts the product as it is deployed, over a temporary store.
 *
 * @param modelUrl OpenAI-compatible server that plays the language model
 */
export async function startProduct(
  { store, search, language, embeddings }: Options,
  modelUrl: string,
): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'memobase-bench-'));
  // Set, not defaulted: what the caller's environment says of a model must not reach a measurement.
  Object.assign(process.env, {
    MEMOBASE_STORE: store,
    MEMOBASE_SQLITE_PATH: join(folder, 'memory.db'),
    ...(search === null ? {} : { MEMOBASE_SEARCH: search }),
    MEMOBASE_LANGUAGE: language,
    MEMOBASE_LOG_LEVEL: 'error',
    MEMOBASE_LLM_BASE_URL: modelUrl,
    MEMOBASE_LLM_API_KEY: 'replay',
    MEMOBASE_ENABLE_EVENT_EMBEDDING: String(embeddings.enabled),
    MEMOBASE_EMBEDDING_BASE_URL: embeddings.url ?? modelUrl,
    MEMOBASE_EMBEDDING_API_KEY: 'replay',
    MEMOBASE_EMBEDDING_MODEL: embeddings.model,
    MEMOBASE_EMBEDDING_DIM: String(embeddings.dimension),
  });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await serve({ port: 0, outDir: join(folder, 'dist'), tickMs: NEVER_MS });
    return { server, close: () => server.close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
