import type { ColumnType, Table } from './tables.ts';

/** The few places where one SQL says it differently from another. */
export interface Dialect {
  readonly name: 'sqlite' | 'mysql' | 'lindorm';
  /** The one schema is created by whoever opens the database first; elsewhere an operator runs the migration. */
  readonly migratesItself: boolean;
  /** Whether an UPDATE of a row that does not exist might create it. */
  readonly updateMayCreate: boolean;
  /** Seconds after which the store itself drops rows of a table; tables that are not named keep theirs. */
  readonly retention: Retention | null;
  createTable(table: Table): string;
  addColumn(table: Table, column: string): string;
  /** Lists tables whose name is like the one given, and costs next to nothing. */
  findTable(name: string): string;
  /** A row that is there already stays as it is; whose row it is must be read back. */
  insertIfAbsent(table: Table, columns: readonly string[]): string;
  /** Overwrites the listed columns of a row that is there already, and no other. */
  upsert(table: Table, columns: readonly string[]): string;
}

export interface Retention {
  /** By table name; null keeps rows for ever. */
  readonly seconds: Readonly<Record<string, number | null>>;
  change(tableName: string, seconds: number | null): string;
}

export type ColumnTypes = Readonly<Record<ColumnType, string>>;

/** The parenthesis of a CREATE TABLE, in the words every dialect has. */
export function tableBody(table: Table, types: ColumnTypes): string {
  const keyColumns = Object.entries(table.key).map(([name, type]) => `${name} ${types[type]} NOT NULL`);
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${types[type]}`);
  const key = `PRIMARY KEY (${Object.keys(table.key).join(', ')})`;
  return `(${[...keyColumns, ...columns, key].join(', ')})`;
}

export function plainInsert(table: Table, columns: readonly string[]): string {
  return `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

export const outsideKey = (table: Table, columns: readonly string[]): string[] =>
  columns.filter((column) => !(column in table.key));

export function typeOf(table: Table, column: string, types: ColumnTypes): string {
  const type = table.columns[column];
  if (type === undefined) throw new TypeError(`${table.name} has no column ${column} outside its key`);
  return types[type];
}

const SQLITE_TYPES = { key: 'TEXT', text: 'TEXT', integer: 'INTEGER' } as const satisfies ColumnTypes;

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  migratesItself: true,
  updateMayCreate: false,
  retention: null,
  createTable: (table) => `CREATE TABLE IF NOT EXISTS ${table.name} ${tableBody(table, SQLITE_TYPES)} STRICT`,
  addColumn: (table, column) =>
    `ALTER TABLE ${table.name} ADD COLUMN ${column} ${typeOf(table, column, SQLITE_TYPES)}`,
  findTable: (name) => `SELECT name FROM sqlite_master WHERE type = 'table' AND name = '${name}'`,
  insertIfAbsent: (table, columns) => plainInsert(table, columns).replace('INSERT', 'INSERT OR IGNORE'),
  upsert(table, columns) {
    const changes = outsideKey(table, columns).map((column) => `${column} = excluded.${column}`);
    const key = Object.keys(table.key).join(', ');
    return `${plainInsert(table, columns)} ON CONFLICT (${key}) DO UPDATE SET ${changes.join(', ')}`;
  },
};
