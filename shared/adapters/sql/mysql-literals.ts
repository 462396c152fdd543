import { MemoryError } from '../../domain/errors.ts';
import type { SqlValue } from './executor.ts';

/**
 * Puts values into a statement for the text protocol. A quote is doubled, not escaped: should a server not take the
 * backslash for an escape, a value could come back changed, which the migration's round trip would find, but it
 * could never end its own literal.
 *
 * @param sql with one `?` per value and no literal of its own
 */
export function withLiterals(sql: string, params: readonly SqlValue[]): string {
  const parts = sql.split('?');
  if (parts.length !== params.length + 1) {
    throw new MemoryError(
      'internal',
      `${params.length} values for ${parts.length - 1} places: ${sql.slice(0, 200)}`,
    );
  }
  return parts
    .map((part, index) => (index === 0 ? part : literal(params[index - 1] ?? null) + part))
    .join('');
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
  if (!Number.isFinite(value)) throw new MemoryError('internal', `${value} cannot be stored as a number.`);
  return String(value);
}
