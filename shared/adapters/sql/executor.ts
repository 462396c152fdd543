/** What a statement may bind: text, 64-bit integers and doubles as numbers, bytes, null. */
export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/**
 * The least every dialect offers: run one statement, get rows or nothing. There are no transactions, and how many
 * rows a write touched is never reported, because one of the dialects does not know.
 */
export interface SqlExecutor {
  query(sql: string, params: readonly SqlValue[]): Promise<SqlRow[]>;
  run(sql: string, params: readonly SqlValue[]): Promise<void>;
  close(): Promise<void>;
}
