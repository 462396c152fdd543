import { type ColumnTypes, type Dialect, outsideKey, plainInsert, tableBody, typeOf } from './dialect.ts';

/**
 * Characters of a key column. InnoDB keeps at most 3072 bytes in a key: three such columns of four-byte characters
 * and two integers stay below it.
 */
export const KEY_CHARS = 250;

const TYPES = {
  key: `VARCHAR(${KEY_CHARS})`,
  text: 'MEDIUMTEXT',
  integer: 'BIGINT',
} as const satisfies ColumnTypes;

/** Compares bytes, as the other stores do; the usual collations take `A` for `a`. */
const TABLE_OPTIONS = 'ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ROW_FORMAT=DYNAMIC';

/** MySQL 5.7 and later, MariaDB 10.4 and later. */
export const mysqlDialect: Dialect = {
  name: 'mysql',
  migratesItself: false,
  updateMayCreate: false,
  retention: null,
  createTable: (table) =>
    `CREATE TABLE IF NOT EXISTS ${table.name} ${tableBody(table, TYPES)} ${TABLE_OPTIONS}`,
  addColumn: (table, column) =>
    `ALTER TABLE ${table.name} ADD COLUMN ${column} ${typeOf(table, column, TYPES)}`,
  findTable: (name) => `SHOW TABLES LIKE '${name}'`,
  /** Not INSERT IGNORE: that cuts values that do not fit, and only warns. */
  insertIfAbsent(table, columns) {
    const [first = ''] = Object.keys(table.key);
    return `${plainInsert(table, columns)} ON DUPLICATE KEY UPDATE ${first} = ${first}`;
  },
  upsert(table, columns) {
    const changes = outsideKey(table, columns).map((column) => `${column} = VALUES(${column})`);
    return `${plainInsert(table, columns)} ON DUPLICATE KEY UPDATE ${changes.join(', ')}`;
  },
};
