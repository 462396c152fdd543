import { MemoryError } from '../../shared/domain/errors.ts';

/** A few calls of the HTTP interface, as any backend would make them. */
export function createClient({ url, token }: { readonly url: string; readonly token: string }) {
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
    createUser: () => call<{ id: string }>('POST', '/users', {}),
    deleteUser: (userId: string) => call<null>('DELETE', `/users/${userId}`),
    insert: (userId: string, messages: readonly unknown[]) =>
      call<{ id: string }>('POST', `/blobs/insert/${userId}`, { blob_type: 'chat', blob_data: { messages } }),
    buffer: (userId: string, status: 'idle' | 'processing' | 'failed') =>
      call<{ ids: string[] }>('GET', `/users/buffer/capacity/${userId}/chat?status=${status}`),
    profile: (userId: string) => call<{ profiles: Profile[] }>('GET', `/users/profile/${userId}`),
    events: (userId: string) => call<{ events: TimelineEvent[] }>('GET', `/users/event/${userId}?topk=100`),
    context: (userId: string, question: string, maxTokens: number) => {
      const chats = JSON.stringify([{ role: 'user', content: question }]);
      const query = new URLSearchParams({
        max_token_size: String(maxTokens),
        chats_str: chats,
        fill_window_with_events: 'true',
        time_range_in_days: '36500',
      });
      return call<{ context: string }>('GET', `/users/context/${userId}?${query}`);
    },
  };
}

export type Client = ReturnType<typeof createClient>;

export interface Profile {
  readonly content: string;
  readonly attributes: { readonly topic: string; readonly sub_topic: string };
}

export interface TimelineEvent {
  readonly event_data: { readonly event_tip: string };
}
