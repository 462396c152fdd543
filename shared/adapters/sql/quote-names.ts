import type { SqlExecutor } from './executor.ts';
import type { Table } from './tables.ts';

/**
 * Quotes every name of the schema: which words a server reserves differs, and Lindorm's list is not published.
 * Keywords are written in capitals, so a word that is a name is always meant as one.
 *
 * @param executor speaks SQL that takes backticks
 */
export function quoteNames(executor: SqlExecutor, tables: readonly Table[]): SqlExecutor {
  const names = new Set(
    tables.flatMap(({ name, key, columns }) => [name, ...Object.keys({ ...key, ...columns })]),
  );
  const quoted = new Map<string, string>();
  const quote = (sql: string): string => {
    const known = quoted.get(sql);
    if (known !== undefined) return known;
    const text = sql.replace(/'[^']*'|\b[a-z_]+\b/g, (word) => (names.has(word) ? `\`${word}\`` : word));
    quoted.set(sql, text);
    return text;
  };
  return {
    query: (sql, params) => executor.query(quote(sql), params),
    run: (sql, params) => executor.run(quote(sql), params),
    close: () => executor.close(),
  };
}
