import { createHash } from 'node:crypto';

/** Hex SHA-256 over the parts, each preceded by its length so that no two part lists collide. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part};`);
  return hash.digest('hex');
}

/** Largest number of siblings {@link timeOrderedId} can order within one millisecond. */
export const MAX_ORDINAL = 0xfff;

/**
 * A UUID that looks like version 4 (which clients of the wire protocol insist on), sorts by time and then by
 * ordinal, and is the same whenever the same batch is planned again.
 *
 * @param ordinal 0 to {@link MAX_ORDINAL}
 */
export function timeOrderedId(timeMs: number, ordinal: number, seed: string): string {
  const time = Math.max(0, Math.floor(timeMs)).toString(16).padStart(12, '0').slice(-12);
  const index = (ordinal & MAX_ORDINAL).toString(16).padStart(3, '0');
  const tail = digest(seed, String(ordinal));
  const variant = '89ab'[Number.parseInt(tail.slice(0, 1), 16) % 4];
  return `${time.slice(0, 8)}-${time.slice(8)}-4${index}-${variant}${tail.slice(1, 4)}-${tail.slice(4, 16)}`;
}

/** A version-4-shaped UUID derived from a seed alone, for ids a client chose by a key instead of a UUID. */
export function derivedId(seed: string): string {
  const hex = digest(seed);
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
