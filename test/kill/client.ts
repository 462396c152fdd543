import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Fleet } from './fleet.ts';
import type { Message } from './messages.ts';
import type { Tally } from './tally.ts';

export const TOKEN = 'kill-test';

/** What an application does: it repeats with the same key whatever it got no answer to. */
export interface Client {
  createUser(userId: string): Promise<void>;
  /** Resolves to the blob's id once the message is acknowledged, however many tries that takes. */
  say(message: Message): Promise<string>;
  /** Asks for extraction once; no answer is as good as any. */
  flush(userId: string, wait: boolean): Promise<void>;
  /** Replaces the user's own data, with the same patience as {@link Client.say}. */
  update(userId: string, data: unknown): Promise<void>;
  /** Flushes until the answer says that nothing was left. */
  drain(userId: string): Promise<void>;
}

interface Envelope {
  readonly data: unknown;
  readonly errno: number;
  readonly errmsg: string;
}

const PATIENCE_MS = 3_000;
const FLUSH_PATIENCE_MS = 5_000;
/** A worker that died holds its lease for another ten seconds, and the model may be slow. */
const DRAIN_PATIENCE_MS = 90_000;
const MAX_TRIES = 200;
const PAUSE_MS = 100;

export function createClient(fleet: Fleet, tally: Tally): Client {
  let last = '';
  let lastWord = 'no answer at all';

  /** Null where no answer came, or one that promises nothing. */
  async function ask(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    patienceMs: number,
    headers: Record<string, string> = {},
  ): Promise<Envelope | null> {
    const url = await fleet.pick(last);
    try {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      const envelope = response.status === 200 ? ((await response.json()) as Envelope) : null;
      if (envelope !== null && envelope.errno < 500) return envelope;
      lastWord = envelope?.errmsg ?? `HTTP status ${response.status}`;
      tally.count('refused');
    } catch {
      tally.count('unanswered');
    }
    last = url;
    return null;
  }

  async function untilAnswered(send: () => Promise<Envelope | null>): Promise<Envelope> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const envelope = await send();
      if (envelope !== null) return envelope;
      await sleep(PAUSE_MS);
    }
    throw new MemoryError('out_of_time', `Not answered in ${MAX_TRIES} tries: ${lastWord}`);
  }

  const flushPath = (userId: string, wait: boolean) => `/users/buffer/${userId}/chat?wait_process=${wait}`;

  return {
    async createUser(userId) {
      const { errno, errmsg } = await untilAnswered(() => ask('POST', '/users', { id: userId }, PATIENCE_MS));
      // The answer to an earlier try was lost, not the user.
      if (errno !== 0 && errno !== 409) throw refused('a user', errmsg);
    },
    async say({ marker, userId, text }) {
      const body = { blob_type: 'chat', blob_data: { messages: [{ role: 'user', content: text }] } };
      const { data, errno, errmsg } = await untilAnswered(() => {
        tally.count('requests');
        return ask('POST', `/blobs/insert/${userId}`, body, PATIENCE_MS, { 'idempotency-key': marker });
      });
      if (errno !== 0) throw refused(`message ${marker}`, errmsg);
      return (data as { id: string }).id;
    },
    async flush(userId, wait) {
      tally.count('flushes');
      await ask('POST', flushPath(userId, wait), {}, wait ? FLUSH_PATIENCE_MS : PATIENCE_MS);
    },
    async update(userId, data) {
      const { errno, errmsg } = await untilAnswered(() => {
        tally.count('updates');
        return ask('PUT', `/users/${userId}`, data, PATIENCE_MS);
      });
      if (errno !== 0) throw refused('an update', errmsg);
    },
    async drain(userId) {
      for (;;) {
        const { data } = await untilAnswered(() =>
          ask('POST', flushPath(userId, true), {}, DRAIN_PATIENCE_MS),
        );
        if ((data as unknown[]).length === 0) return;
      }
    },
  };
}

const refused = (what: string, why: string): MemoryError =>
  new MemoryError('internal', `The functions refused ${what}: ${why}`);
