import type { MemoryError } from '../domain/errors.ts';

/** The protocol answers success and application errors alike with status 200 and these three keys. */
export function success(data: unknown): Response {
  return Response.json({ data, errno: 0, errmsg: '' });
}

/** An application error; only a missing or wrong token changes the HTTP status. */
export function failure(error: MemoryError): Response {
  const status = error.code === 'unauthorized' ? 401 : 200;
  return Response.json({ data: null, errno: error.errno, errmsg: error.message }, { status });
}
