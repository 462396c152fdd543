import { isMissing } from '../../shared/adapters/sql/mysql-errors.ts';
import { type Check, failureOf, holdsIf, noted } from './check.ts';
import { PROBE, type ProbeSession } from './session.ts';

const AWKWARD = "a\\b 'c' \"d\" `e` %_? \n\r\t 甲😀𠮷 \u0000 \\' \\";
const MANY = 2_001;
const BATCH = 100;

async function putMany({ change, dialect }: ProbeSession): Promise<void> {
  const one = dialect.upsert(PROBE, ['scope', 'n', 'amount']);
  const [head = ''] = one.split('(?');
  const tail = one.slice(one.indexOf('?)') + 2);
  for (let from = 0; from < MANY; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, MANY - from) }, (_, n) => from + n);
    const values = numbers.map(() => '(?, ?, ?)').join(', ');
    await change(
      `${head}${values}${tail}`,
      numbers.flatMap((n) => ['many', n, n]),
    );
  }
}

/** What statements mean: points 3 and 4, and what the migration relies on. */
export const statementChecks: readonly Check[] = [
  {
    question: 'text with quotes, backslashes, NUL and four-byte characters comes back unchanged',
    async ask({ put, query }) {
      await put({ scope: 'text', n: 1, body: AWKWARD });
      const [row] = await query(`SELECT body FROM ${PROBE.name} WHERE scope = ? AND n = ?`, ['text', 1]);
      return holdsIf(row?.['body'] === AWKWARD, `got ${JSON.stringify(row?.['body'])}`);
    },
  },
  {
    question: 'an empty text is kept, is not NULL, and can be searched for',
    async ask({ put, query }) {
      await put({ scope: 'empty', n: 1, body: '' });
      await put({ scope: 'empty', n: 2, body: null });
      const rows = await query(`SELECT n FROM ${PROBE.name} WHERE scope = ? AND body = ?`, ['empty', '']);
      return holdsIf(rows.length === 1 && rows[0]?.['n'] === 1, `rows found: ${JSON.stringify(rows)}`);
    },
  },
  {
    question: 'keys that differ in case only are different',
    async ask({ put, query }) {
      await put({ scope: 'Case', n: 1, body: 'x' });
      const rows = await query(`SELECT n FROM ${PROBE.name} WHERE scope = ?`, ['case']);
      return holdsIf(rows.length === 0, `${rows.length} rows`);
    },
  },
  {
    question: 'execute(): takes numbers for BIGINT columns and for LIMIT',
    async ask({ pool, put }) {
      await put({ scope: 'exec', n: 1, amount: 5 });
      const column = await failureOf(
        pool.execute(`SELECT n FROM ${PROBE.name} WHERE scope = ? AND n = ?`, ['exec', 1]),
      );
      const limit = await failureOf(
        pool.execute(`SELECT n FROM ${PROBE.name} WHERE scope = ? LIMIT ?`, ['exec', 1]),
      );
      return noted(`column: ${column ?? 'yes'}; LIMIT: ${limit ?? 'yes'}`);
    },
  },
  {
    question: 'ORDER BY without LIMIT',
    async ask({ query }) {
      const sql = `SELECT n FROM ${PROBE.name} WHERE scope = ? ORDER BY n`;
      return noted((await failureOf(query(sql, ['many']))) ?? 'is accepted');
    },
  },
  {
    question: 'the newest row of a key prefix is read by ORDER BY key DESC LIMIT 1',
    async ask(session) {
      await putMany(session);
      const sql = `SELECT n FROM ${PROBE.name} WHERE scope = ? ORDER BY n DESC LIMIT 1`;
      const [row] = await session.query(sql, ['many']);
      return holdsIf(row?.['n'] === MANY - 1, `got ${JSON.stringify(row?.['n'])}`);
    },
  },
  {
    question: 'a page of 2000 rows comes back whole',
    async ask({ query }) {
      const sql = `SELECT n FROM ${PROBE.name} WHERE scope = ? ORDER BY n LIMIT 2000`;
      return holdsIf((await query(sql, ['many'])).length === 2_000, 'counted');
    },
  },
  {
    question: `LIMIT above 2000 (${MANY} rows)`,
    async ask({ query }) {
      const sql = `SELECT n FROM ${PROBE.name} WHERE scope = ? ORDER BY n LIMIT 5000`;
      const failure = await failureOf(query(sql, ['many']));
      return noted(failure ?? `${(await query(sql, ['many'])).length} rows`);
    },
  },
  {
    question: 'a read that pins no key column is possible for an operator (npm run reembed)',
    async ask({ query }) {
      const sql = `SELECT /*+ _l_allow_filtering_ */ scope FROM ${PROBE.name} WHERE scope > ? ORDER BY scope LIMIT 1`;
      const failure = await failureOf(query(sql, ['']));
      return holdsIf(failure === null, failure ?? 'yes');
    },
  },
  {
    question: 'range DELETE by default',
    async ask({ change, query }) {
      const failure = await failureOf(change(`DELETE FROM ${PROBE.name} WHERE scope = ?`, ['many']));
      const left = await query(`SELECT n FROM ${PROBE.name} WHERE scope = ? LIMIT 1`, ['many']);
      return noted(failure ?? (left.length === 0 ? 'is allowed' : 'is accepted and deletes nothing'));
    },
  },
  {
    question: 'a missing table and a missing column are told apart from other errors',
    async ask({ query }) {
      const table = await query('SELECT n FROM memobase_absent WHERE scope = ? LIMIT 1', ['']).catch(
        isMissing,
      );
      const column = await query(`SELECT absent FROM ${PROBE.name} WHERE scope = ? LIMIT 1`, ['']).catch(
        isMissing,
      );
      return holdsIf(table === true && column === true, `table ${table}, column ${column}`);
    },
  },
  {
    question: 'a column can be added, and is NULL in rows that were there',
    async ask({ change, query, put, dialect }) {
      await put({ scope: 'add', n: 1, body: 'x' });
      const widened = { ...PROBE, columns: { ...PROBE.columns, added: 'text' as const } };
      await change(dialect.addColumn(widened, 'added'));
      const [row] = await query(`SELECT added FROM ${PROBE.name} WHERE scope = ? AND n = ?`, ['add', 1]);
      return holdsIf(row?.['added'] === null, `got ${JSON.stringify(row?.['added'])}`);
    },
  },
];
