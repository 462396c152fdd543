/** Every operation of the HTTP interface, below `/api/v1`, and the function that serves it. */
export const OPERATIONS = {
  healthcheck: { method: 'GET', path: '/healthcheck', function: 'context' },
  createUser: { method: 'POST', path: '/users', function: 'ingest' },
  getUser: { method: 'GET', path: '/users/:user_id', function: 'context' },
  updateUser: { method: 'PUT', path: '/users/:user_id', function: 'ingest' },
  deleteUser: { method: 'DELETE', path: '/users/:user_id', function: 'ingest' },
  insertBlob: { method: 'POST', path: '/blobs/insert/:user_id', function: 'ingest' },
  flushBuffer: { method: 'POST', path: '/users/buffer/:user_id/:buffer_type', function: 'ingest' },
  bufferCapacity: {
    method: 'GET',
    path: '/users/buffer/capacity/:user_id/:buffer_type',
    function: 'context',
  },
  listDeadLetters: { method: 'GET', path: '/users/dead_letters/:user_id', function: 'context' },
  retryDeadLetter: { method: 'POST', path: '/users/dead_letters/:user_id/:batch_id', function: 'ingest' },
  discardDeadLetter: { method: 'DELETE', path: '/users/dead_letters/:user_id/:batch_id', function: 'ingest' },
  getProfile: { method: 'GET', path: '/users/profile/:user_id', function: 'context' },
  searchProfiles: { method: 'GET', path: '/users/profile/search/:user_id', function: 'context' },
  listEvents: { method: 'GET', path: '/users/event/:user_id', function: 'context' },
  searchEvents: { method: 'GET', path: '/users/event/search/:user_id', function: 'context' },
  searchGists: { method: 'GET', path: '/users/event_gist/search/:user_id', function: 'context' },
  searchEventTags: { method: 'GET', path: '/users/event_tags/search/:user_id', function: 'context' },
  recall: { method: 'GET', path: '/users/recall/:user_id', function: 'context' },
  getContext: { method: 'GET', path: '/users/context/:user_id', function: 'context' },
} as const satisfies Record<string, Operation>;

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly function: 'ingest' | 'context';
}

export type OperationName = keyof typeof OPERATIONS;
export const API_PREFIX = '/api/v1';

/** Whether some operation, of whatever method, has this path: a wrong method is told from an unknown path. */
export function isKnownPath(path: string): boolean {
  const parts = path.split('/');
  return Object.values(OPERATIONS).some((operation) => {
    const wanted = `${API_PREFIX}${operation.path}`.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith(':') || part === parts[index])
    );
  });
}
