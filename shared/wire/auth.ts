import { createHash, timingSafeEqual } from 'node:crypto';
import { MemoryError } from '../domain/errors.ts';

const OPEN_PATH = '/api/v1/healthcheck';

/** Whether a path asks for a token; checked before routing, so an unknown path without one is a 401. */
export function needsToken(path: string): boolean {
  return path.startsWith('/api') && !path.startsWith(OPEN_PATH);
}

/**
 * Checks `Authorization: Bearer <token>`: the scheme in this letter case, one space, and the first word behind it.
 * Throws `unauthorized`.
 */
export function authorize(header: string | null, rootToken: string): void {
  const token = header?.startsWith('Bearer ') === true ? (header.slice(7).split(' ')[0] ?? '') : '';
  if (sameSecret(token, rootToken)) return;
  throw new MemoryError(
    'unauthorized',
    'The bearer token is missing or wrong. Send the header "Authorization: Bearer <token>".',
  );
}

const fingerprint = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. */
function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(fingerprint(a), fingerprint(b));
}
