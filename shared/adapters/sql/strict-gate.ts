import { MemoryError } from '../../domain/errors.ts';
import type { SqlExecutor, SqlValue } from './executor.ts';
import type { Table } from './tables.ts';

/** Limits of the Lindorm wide table, the narrowest of the stores. */
const MAX_LIMIT = 2_000;
const MAX_IN = 2_000;
const MAX_ROW_BYTES = 2_000_000;
const MAX_KEY_BYTES = 2_048;
/** Of one key value; the column of a MySQL table has room for as many. */
const MAX_KEY_CHARS = 250;

const NEVER =
  /\b(JOIN|UNION|INTERSECT|EXISTS|BEGIN|COMMIT|ROLLBACK|REPLACE|TRUNCATE|OFFSET|DISTINCT|OVER)\b/i;

/** With each dialect's words for what happens to a row that is there already. */
const INSERT =
  /^INSERT (?:OR IGNORE )?INTO (\w+) \(([^)]+)\) VALUES \(([?, ]+)\)(?: ON CONFLICT .+| ON DUPLICATE KEY (?:IGNORE|UPDATE \w+ = [\w(), =]+))?$/;

type Verdict =
  | { readonly ok: true; readonly keyCount: number }
  | { readonly ok: false; readonly why: string };

/**
 * Lets through only what every dialect understands alike, so that a statement that passes on SQLite or MariaDB
 * also runs on Lindorm: one table, the first key column pinned by every SELECT, the whole key by every change,
 * LIMIT with every ORDER BY, no transaction, no join, no subquery.
 */
export function strictGate(executor: SqlExecutor, tables: readonly Table[]): SqlExecutor {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const verdicts = new Map<string, Verdict>();
  const check = (sql: string, params: readonly SqlValue[]): void => {
    const verdict = verdicts.get(sql) ?? judge(sql, byName);
    verdicts.set(sql, verdict);
    if (!verdict.ok) refuse(verdict.why, sql);
    checkSizes(params, verdict.keyCount, sql);
  };
  return {
    async query(sql, params) {
      check(sql, params);
      return executor.query(sql, params);
    },
    async run(sql, params) {
      check(sql, params);
      return executor.run(sql, params);
    },
    close: () => executor.close(),
  };
}

function refuse(why: string, sql: string): never {
  throw new MemoryError('statement_refused', `Statement refused: ${why}. Rewrite it: ${sql.slice(0, 200)}`);
}

function checkSizes(params: readonly SqlValue[], keyCount: number, sql: string): void {
  let total = 0;
  let key = 0;
  params.forEach((value, index) => {
    const bytes = typeof value === 'string' ? Buffer.byteLength(value) : (value?.toString().length ?? 0);
    total += bytes;
    if (index < keyCount) key += bytes;
  });
  if (total > MAX_ROW_BYTES) {
    throw new MemoryError(
      'too_large',
      `A row of ${total} bytes was to be written; at most ${MAX_ROW_BYTES} fit.`,
    );
  }
  if (key > MAX_KEY_BYTES) refuse(`its key values have ${key} bytes, at most ${MAX_KEY_BYTES} fit`, sql);
  params.slice(0, keyCount).forEach(checkKeyText);
}

/** MySQL takes texts that differ in trailing spaces only for the same key. */
function checkKeyText(value: SqlValue): void {
  if (typeof value !== 'string' || isPlainKey(value)) return;
  throw new MemoryError(
    'invalid_request',
    `An id has at most ${MAX_KEY_CHARS} characters and no space at its end; got ${value.length}: ${JSON.stringify(value.slice(0, 60))}`,
  );
}

const isPlainKey = (value: string): boolean => value.length <= MAX_KEY_CHARS && !value.endsWith(' ');

function judge(sql: string, tables: ReadonlyMap<string, Table>): Verdict {
  if (/["';]/.test(sql)) return no('values are bound, not written; one statement at a time');
  if (NEVER.test(sql)) return no('it uses a word that not every store knows');
  if ((sql.match(/\bSELECT\b/gi) ?? []).length > (/^SELECT\b/.test(sql) ? 1 : 0))
    return no('it holds a subquery');
  const verb = sql.slice(0, sql.indexOf(' '));
  if (verb === 'SELECT') return judgeSelect(sql, tables);
  if (verb === 'UPDATE' || verb === 'DELETE') return judgeChange(sql, tables);
  if (verb === 'INSERT') return judgeInsert(sql, tables);
  return no(`${verb} is not SELECT, INSERT, UPDATE or DELETE`);
}

function judgeSelect(sql: string, tables: ReadonlyMap<string, Table>): Verdict {
  const match = /^SELECT .+ FROM (\w+) WHERE (.+?)( ORDER BY .+?)?( LIMIT (\d+))?$/.exec(sql);
  const table = tables.get(match?.[1] ?? '');
  if (match === null || table === undefined) return no('a SELECT names one known table and has a WHERE');
  if (/\bOR\b/i.test(match[2] ?? '')) return no('OR undoes what the other conditions pin');
  const pinned = equalColumns(match[2] ?? '');
  const first = Object.keys(table.key)[0] ?? '';
  if (!pinned.includes(first)) return no(`its WHERE does not pin ${first}, the first key column`);
  if (match[3] !== undefined && match[4] === undefined) return no('ORDER BY without LIMIT');
  if (Number(match[5] ?? 0) > MAX_LIMIT) return no(`LIMIT above ${MAX_LIMIT}`);
  const listed = /\bIN \(([^)]*)\)/.exec(match[2] ?? '');
  if (listed !== null && (listed[1] ?? '').split(',').length > MAX_IN)
    return no(`IN with more than ${MAX_IN} values`);
  return { ok: true, keyCount: 0 };
}

function judgeChange(sql: string, tables: ReadonlyMap<string, Table>): Verdict {
  const match = /^(?:UPDATE (\w+) SET .+?|DELETE FROM (\w+)) WHERE (.+)$/.exec(sql);
  const table = tables.get(match?.[1] ?? match?.[2] ?? '');
  if (match === null || table === undefined) return no('a change names one known table and has a WHERE');
  const conditions = (match[3] ?? '').split(' AND ');
  const pinned = equalColumns(match[3] ?? '');
  const key = Object.keys(table.key);
  if (conditions.length !== key.length || !key.every((column) => pinned.includes(column))) {
    return no(`a change pins exactly the whole key (${key.join(', ')}) by equality`);
  }
  return { ok: true, keyCount: 0 };
}

function judgeInsert(sql: string, tables: ReadonlyMap<string, Table>): Verdict {
  const match = INSERT.exec(sql);
  const table = tables.get(match?.[1] ?? '');
  if (match === null || table === undefined)
    return no('an INSERT names one known table, its columns and one row');
  const columns = (match[2] ?? '').split(', ');
  const key = Object.keys(table.key);
  if (key.some((column, index) => columns[index] !== column))
    return no('an INSERT lists the whole key first');
  if (columns.length === key.length) return no('an INSERT sets at least one column outside the key');
  return { ok: true, keyCount: key.length };
}

const no = (why: string): Verdict => ({ ok: false, why });

function equalColumns(where: string): string[] {
  return where.split(' AND ').flatMap((condition) => /^(\w+) = \?$/.exec(condition)?.[1] ?? []);
}
