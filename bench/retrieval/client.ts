import { MemoryError } from '../../shared/domain/errors.ts';
import type { Conversation, Session } from './conversation.ts';

export interface BenchClient {
  /** A user with the whole conversation extracted, session by session. Resolves to the user's id. */
  ingest(conversation: Conversation): Promise<string>;
  /** The events of the context for a question, without a frame, so that all of the budget is evidence. */
  ask(userId: string, question: string, budget: number): Promise<string>;
}

const REACH_DAYS = '36500';

/** The product over its HTTP interface, as any backend would call it. */
export function createBenchClient({
  url,
  token,
}: {
  readonly url: string;
  readonly token: string;
}): BenchClient {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { data: T; errno: number; errmsg: string };
    if (response.ok && answer.errno === 0) return answer.data;
    throw new MemoryError('internal', `${method} ${path} answered ${response.status}: ${answer.errmsg}`);
  };
  return {
    async ingest({ id: conversation, sessions }) {
      const { id } = await call<{ id: string }>('POST', '/users', { data: { conversation } });
      for (const session of sessions) {
        const messages = messagesOf(session);
        await call('POST', `/blobs/insert/${id}`, { blob_type: 'chat', blob_data: { messages } });
        await call('POST', `/users/buffer/${id}/chat?wait_process=true`);
      }
      return id;
    },
    async ask(userId, question, budget) {
      const query = new URLSearchParams({
        max_token_size: String(budget),
        chats_str: JSON.stringify([{ role: 'user', content: question }]),
        time_range_in_days: REACH_DAYS,
        fill_window_with_events: 'true',
        customize_context_prompt: '{event_section}',
      });
      return (await call<{ context: string }>('GET', `/users/context/${userId}?${query}`)).context;
    },
  };
}

const messagesOf = ({ turns, date_time }: Session) =>
  turns.map(({ speaker, text }) => ({ role: 'user', alias: speaker, content: text, created_at: date_time }));
