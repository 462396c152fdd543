import type { SqlExecutor, SqlValue } from '../../shared/adapters/sql/executor.ts';
import { strictGate } from '../../shared/adapters/sql/strict-gate.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';
import { MemoryError } from '../../shared/domain/errors.ts';

export interface LindormLikeOptions {
  /** Runs behind every write, before its caller is told: the place to cut a connection. */
  readonly afterWrite?: (sql: string) => Promise<void>;
}

const CREATE =
  /^CREATE TABLE IF NOT EXISTS (\w+) \((.+), PRIMARY KEY \(([^)]+)\)\) WITH \(CONSISTENCY='strong'\)$/;
const COLUMN = /^(\w+) (VARCHAR|BIGINT)( NOT NULL)?$/;
const INSERT = /^(INSERT INTO (\w+) \(([^)]+)\) VALUES \([?, ]+\))( ON DUPLICATE KEY IGNORE)?$/;
const MYSQL_WORDS = /\bINSERT (OR )?IGNORE\b|ON DUPLICATE KEY UPDATE|ON CONFLICT/;

/**
 * MariaDB that behaves like the wide table of Lindorm as far as it is documented, and takes the harsher reading where
 * it is not: INSERT overwrites, put-if-absent works on strong tables only, an UPDATE creates what is absent, and
 * everything else is refused.
 */
export function lindormLike(executor: SqlExecutor, options: LindormLikeOptions = {}): SqlExecutor {
  const { afterWrite = async () => undefined } = options;
  const strong = new Set<string>();
  const gate = strictGate({ ...executor, run: async () => undefined, query: async () => [] }, TABLES);
  const write = async (sql: string, params: readonly SqlValue[]): Promise<void> => {
    await executor.run(sql, params);
    await afterWrite(sql);
  };
  const change = async (sql: string, params: readonly SqlValue[]): Promise<void> => {
    if (MYSQL_WORDS.test(sql)) refuse(sql);
    await gate.run(sql, params);
    const insert = INSERT.exec(sql);
    if (insert !== null) return write(translateInsert(insert, strong), params);
    if (sql.startsWith('UPDATE')) await createAbsent(sql, params, executor);
    return write(sql, params);
  };
  return {
    async query(sql, params) {
      const free =
        sql.startsWith('SHOW TABLES LIKE ') || sql.startsWith('SELECT /*+ _l_allow_filtering_ */ ');
      if (free) return executor.query(sql, params);
      await gate.query(sql, params);
      return executor.query(sql, params);
    },
    async run(sql, params) {
      const create = CREATE.exec(sql);
      if (create !== null) {
        strong.add(create[1] ?? '');
        return executor.run(translateCreate(create), params);
      }
      if (/^ALTER TABLE \w+ SET TTL='\d*'$/.test(sql)) return;
      const add = /^(ALTER TABLE \w+ ADD COLUMN \w+) VARCHAR$/.exec(sql);
      if (add !== null) return executor.run(`${add[1]} MEDIUMTEXT`, params);
      return change(sql, params);
    },
    close: () => executor.close(),
  };
}

function refuse(sql: string): never {
  throw new MemoryError('statement_refused', `Lindorm does not know this statement: ${sql.slice(0, 200)}`);
}

function translateCreate([sql, name, columns = '', key = '']: RegExpExecArray): string {
  const keyColumns = key.split(', ');
  if (keyColumns.length > 5) refuse(String(sql));
  const translated = columns.split(', ').map((definition) => {
    const match = COLUMN.exec(definition);
    if (match === null) return refuse(definition);
    const [, column = '', type = '', notNull = ''] = match;
    const ours = type === 'BIGINT' ? type : keyColumns.includes(column) ? 'VARCHAR(250)' : 'MEDIUMTEXT';
    return `${column} ${ours}${notNull}`;
  });
  return (
    `CREATE TABLE IF NOT EXISTS ${name} (${translated.join(', ')}, PRIMARY KEY (${key})) ` +
    'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'
  );
}

function translateInsert(
  [, insert = '', table = '', list = '', ignore]: RegExpExecArray,
  strong: ReadonlySet<string>,
): string {
  const columns = list.split(', ');
  if (ignore === undefined)
    return `${insert} ON DUPLICATE KEY UPDATE ${columns.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
  if (!strong.has(table)) refuse(`${insert}${ignore} on a table without CONSISTENCY='strong'`);
  return `${insert} ON DUPLICATE KEY UPDATE ${columns[0]} = ${columns[0]}`;
}

/** The harsher reading of an UPDATE: it is a write like any other, so the row is there afterwards. */
async function createAbsent(sql: string, params: readonly SqlValue[], executor: SqlExecutor): Promise<void> {
  const [, table, where = ''] = /^UPDATE (\w+) SET .+ WHERE (.+)$/.exec(sql) ?? [];
  const columns = where.split(' AND ').map((condition) => condition.replace(' = ?', ''));
  const places = columns.map(() => '?').join(', ');
  await executor.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON DUPLICATE KEY UPDATE ${columns[0]} = ${columns[0]}`,
    params.slice(-columns.length),
  );
}
