import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, serve } from '../../scripts/serve.ts';

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly data: never;
    readonly errno: number;
    readonly errmsg: string;
    readonly detail: never;
  };
}

export interface Rig {
  readonly url: string;
  readonly storePath: string;
  /** One HTTP request below `/api/v1`, as a client would send it. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** The built functions in a local Function Compute over a temporary store, with the offline model. */
export async function startRig(settings: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'memobase-e2e-'));
  const storePath = join(folder, 'memory.db');
  Object.assign(process.env, { MEMOBASE_SQLITE_PATH: storePath, ...settings });
  const server = await serve({ port: 0, outDir: join(folder, 'dist') });
  return { ...client(server), storePath, close: () => stop(server, folder) };
}

async function stop(server: Server, folder: string): Promise<void> {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

export function client({ url, token }: Pick<Server, 'url' | 'token'>): Pick<Rig, 'url' | 'call'> {
  return {
    url,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) } as Answer;
    },
  };
}

export const chat = (...contents: string[]) => ({
  blob_type: 'chat',
  blob_data: { messages: contents.map((content) => ({ role: 'user', content })) },
});
