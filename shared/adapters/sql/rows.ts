import type { Dialect } from './dialect.ts';
import type { SqlExecutor, SqlRow, SqlValue } from './executor.ts';
import type { Table } from './tables.ts';

type Column<T extends Table> = (keyof T['key'] & string) | (keyof T['columns'] & string);
type Key<T extends Table> = Readonly<Record<keyof T['key'] & string, SqlValue>>;
type Values<T extends Table> = Readonly<Partial<Record<Column<T>, SqlValue>>>;

/** Most rows one read may return; longer results are paged by key. */
export const PAGE_ROWS = 500;

export interface Selection<T extends Table> {
  readonly columns: readonly Column<T>[];
  /** Equality; has to hold the first key column. */
  readonly where: Values<T>;
  readonly atLeast?: Values<T>;
  readonly atMost?: Values<T>;
  readonly above?: Values<T>;
  readonly below?: Values<T>;
  readonly in?: { readonly column: Column<T>; readonly values: readonly SqlValue[] };
  readonly orderBy?: readonly Column<T>[];
  readonly descending?: boolean;
  readonly limit: number;
}

/** Statements on one table at a time, of the shapes every dialect has; nothing here says how many rows it touched. */
export interface Rows {
  putIfAbsent<T extends Table>(table: T, row: Key<T> & Values<T>): Promise<void>;
  upsert<T extends Table>(table: T, row: Key<T> & Values<T>): Promise<void>;
  /** Changes nothing where the row does not exist. */
  update<T extends Table>(table: T, key: Key<T>, changes: Values<T>): Promise<void>;
  remove<T extends Table>(table: T, key: Key<T>): Promise<void>;
  select<T extends Table>(table: T, selection: Selection<T>): Promise<SqlRow[]>;
  /** All rows of a key prefix in key order, read page by page; `last` is the only unpinned key column. */
  pages<T extends Table>(
    table: T,
    selection: { columns: readonly Column<T>[]; where: Values<T>; last: keyof T['key'] & string },
  ): AsyncIterable<SqlRow[]>;
}

export function createRows(executor: SqlExecutor, dialect: Dialect): Rows {
  const rows: Rows = {
    async putIfAbsent(table, row) {
      const columns = Object.keys(row);
      await executor.run(dialect.insertIfAbsent(table, columns), Object.values(row) as SqlValue[]);
    },
    async upsert(table, row) {
      const columns = Object.keys(row);
      await executor.run(dialect.upsert(table, columns), Object.values(row) as SqlValue[]);
    },
    async update(table, key, changes) {
      if (dialect.updateMayCreate && !(await exists(executor, table, key))) return;
      const set = Object.keys(changes).map((column) => `${column} = ?`);
      const sql = `UPDATE ${table.name} SET ${set.join(', ')} WHERE ${equalities(key)}`;
      await executor.run(sql, [...Object.values(changes), ...Object.values(key)] as SqlValue[]);
    },
    async remove(table, key) {
      await executor.run(
        `DELETE FROM ${table.name} WHERE ${equalities(key)}`,
        Object.values(key) as SqlValue[],
      );
    },
    async select(table, selection) {
      const { sql, params } = selectStatement(table, selection);
      return executor.query(sql, params);
    },
    async *pages(table, { columns, where, last }) {
      let from: SqlValue | undefined;
      for (;;) {
        const page: SqlRow[] = await rows.select(table, {
          columns: [...new Set([...columns, last])],
          where,
          ...(from === undefined ? {} : { above: { [last]: from } as Values<typeof table> }),
          orderBy: [last],
          limit: PAGE_ROWS,
        });
        if (page.length > 0) yield page;
        if (page.length < PAGE_ROWS) return;
        from = page.at(-1)?.[last];
      }
    },
  };
  return rows;
}

/** The one row of a whole key. */
async function exists(executor: SqlExecutor, table: Table, key: object): Promise<boolean> {
  const [first = ''] = Object.keys(table.key);
  const sql = `SELECT ${first} FROM ${table.name} WHERE ${equalities(key)} LIMIT 1`;
  return (await executor.query(sql, Object.values(key) as SqlValue[])).length > 0;
}

const equalities = (values: object): string =>
  Object.keys(values)
    .map((column) => `${column} = ?`)
    .join(' AND ');

function selectStatement<T extends Table>(
  table: T,
  selection: Selection<T>,
): { sql: string; params: SqlValue[] } {
  const conditions: string[] = [];
  const params: SqlValue[] = [];
  const compare = (values: Values<T> | undefined, operator: string): void => {
    for (const [column, value] of Object.entries(values ?? {})) {
      conditions.push(`${column} ${operator} ?`);
      params.push(value as SqlValue);
    }
  };
  compare(selection.where, '=');
  compare(selection.atLeast, '>=');
  compare(selection.atMost, '<=');
  compare(selection.above, '>');
  compare(selection.below, '<');
  if (selection.in !== undefined) {
    conditions.push(`${selection.in.column} IN (${selection.in.values.map(() => '?').join(', ')})`);
    params.push(...selection.in.values);
  }
  const direction = selection.descending === true ? ' DESC' : '';
  const order =
    selection.orderBy === undefined
      ? ''
      : ` ORDER BY ${selection.orderBy.map((column) => column + direction).join(', ')}`;
  const sql =
    `SELECT ${selection.columns.join(', ')} FROM ${table.name} WHERE ${conditions.join(' AND ')}` +
    `${order} LIMIT ${Math.trunc(selection.limit)}`;
  return { sql, params };
}
