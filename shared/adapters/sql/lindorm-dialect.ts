import { type ColumnTypes, type Dialect, plainInsert, tableBody, typeOf } from './dialect.ts';
import { EVENTS, GISTS } from './tables.ts';

const TYPES = { key: 'VARCHAR', text: 'VARCHAR', integer: 'BIGINT' } as const satisfies ColumnTypes;

export interface LindormRetention {
  /** Seconds; null keeps rows for ever. */
  readonly eventsTtlS: number | null;
  readonly gistsTtlS: number | null;
}

/**
 * The wide table of Lindorm through its MySQL protocol. A plain INSERT overwrites; put-if-absent is promised only
 * for tables of strong consistency.
 */
export function createLindormDialect({ eventsTtlS, gistsTtlS }: LindormRetention): Dialect {
  const seconds = { [EVENTS.name]: eventsTtlS, [GISTS.name]: gistsTtlS };
  return {
    name: 'lindorm',
    migratesItself: false,
    updateMayCreate: true,
    retention: {
      seconds,
      change: (tableName, ttlS) => `ALTER TABLE ${tableName} SET TTL='${ttlS ?? ''}'`,
    },
    createTable: (table) =>
      `CREATE TABLE IF NOT EXISTS ${table.name} ${tableBody(table, TYPES)} WITH (CONSISTENCY='strong')`,
    addColumn: (table, column) =>
      `ALTER TABLE ${table.name} ADD COLUMN ${column} ${typeOf(table, column, TYPES)}`,
    findTable: (name) => `SHOW TABLES LIKE '${name}'`,
    insertIfAbsent: (table, columns) => `${plainInsert(table, columns)} ON DUPLICATE KEY IGNORE`,
    upsert: plainInsert,
  };
}
