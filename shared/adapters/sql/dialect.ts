import type { ColumnType, Table } from './tables.ts';

/** The few places where one SQL says it differently from another. */
export interface Dialect {
  readonly name: 'sqlite';
  createTable(table: Table): string;
  /** A row that is there already stays as it is; whose row it is must be read back. */
  insertIfAbsent(table: Table, columns: readonly string[]): string;
  /** Overwrites the listed columns of a row that is there already, and no other. */
  upsert(table: Table, columns: readonly string[]): string;
}

const placeholders = (columns: readonly string[]): string => columns.map(() => '?').join(', ');

const SQLITE_TYPES = { key: 'TEXT', text: 'TEXT', integer: 'INTEGER' } as const satisfies Record<
  ColumnType,
  string
>;

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  createTable(table) {
    const keyColumns = Object.entries(table.key).map(
      ([name, type]) => `${name} ${SQLITE_TYPES[type]} NOT NULL`,
    );
    const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${SQLITE_TYPES[type]}`);
    const key = `PRIMARY KEY (${Object.keys(table.key).join(', ')})`;
    return `CREATE TABLE IF NOT EXISTS ${table.name} (${[...keyColumns, ...columns, key].join(', ')}) STRICT`;
  },
  insertIfAbsent(table, columns) {
    return `INSERT OR IGNORE INTO ${table.name} (${columns.join(', ')}) VALUES (${placeholders(columns)})`;
  },
  upsert(table, columns) {
    const changes = columns
      .filter((column) => !(column in table.key))
      .map((column) => `${column} = excluded.${column}`);
    return (
      `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${placeholders(columns)}) ` +
      `ON CONFLICT (${Object.keys(table.key).join(', ')}) DO UPDATE SET ${changes.join(', ')}`
    );
  },
};
