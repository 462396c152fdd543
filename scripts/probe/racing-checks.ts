import { type Check, holdsIf, noted } from './check.ts';
import { PROBE, type ProbeSession, RACERS } from './session.ts';

const ROW = 'scope = ? AND n = ?';
const COLUMNS = ['scope', 'n', 'owner'] as const;

const owners = async ({ query }: ProbeSession, scope: string): Promise<unknown[]> =>
  (await query(`SELECT owner FROM ${PROBE.name} WHERE ${ROW} LIMIT 1`, [scope, 1])).map(({ owner }) => owner);

const race = (run: (racer: number) => Promise<number>): Promise<number[]> =>
  Promise.all(Array.from({ length: RACERS }, (_, racer) => run(racer)));

/** Who may change a row: points 1 and 2. */
export const racingChecks: readonly Check[] = [
  {
    question: `put-if-absent: has one winner of ${RACERS}, and all read the same one back`,
    async ask(session) {
      const sql = session.dialect.insertIfAbsent(PROBE, COLUMNS);
      const seen = await Promise.all(
        Array.from({ length: RACERS }, async (_, racer) => {
          await session.change(sql, ['race', 1, `racer ${racer}`]);
          return (await owners(session, 'race'))[0];
        }),
      );
      const different = new Set(seen).size;
      return holdsIf(different === 1, `${different} different owners were read`);
    },
  },
  {
    question: 'put-if-absent: leaves a row that is there as it is',
    async ask(session) {
      const sql = session.dialect.insertIfAbsent(PROBE, COLUMNS);
      const first = await session.change(sql, ['kept', 1, 'first']);
      const second = await session.change(sql, ['kept', 1, 'second']);
      const [owner] = await owners(session, 'kept');
      return holdsIf(owner === 'first', `owner ${owner}; affectedRows ${first}, then ${second}`);
    },
  },
  {
    question: 'conditional UPDATE: affectedRows is 1, then 0',
    async ask(session) {
      await session.put({ scope: 'cond', n: 1, status: 'idle' });
      const sql = `UPDATE ${PROBE.name} SET status = ? WHERE ${ROW} AND status = ?`;
      const first = await session.change(sql, ['taken', 'cond', 1, 'idle']);
      const second = await session.change(sql, ['taken', 'cond', 1, 'idle']);
      return noted(`${first}, then ${second}`);
    },
  },
  {
    question: `conditional UPDATE: is atomic among ${RACERS}`,
    async ask(session) {
      await session.put({ scope: 'atom', n: 1, status: 'idle', owner: '' });
      const sql = `UPDATE ${PROBE.name} SET status = ?, owner = ? WHERE ${ROW} AND status = ?`;
      const affected = await race((racer) =>
        session.change(sql, ['taken', `racer ${racer}`, 'atom', 1, 'idle']),
      );
      return noted(`${affected.filter((count) => count === 1).length} were told they changed the row`);
    },
  },
  {
    question: 'UPDATE of an absent row: creates nothing, or the code has looked before',
    async ask(session) {
      const affected = await session.change(`UPDATE ${PROBE.name} SET status = ? WHERE ${ROW}`, [
        'x',
        'none',
        1,
      ]);
      const created = (await owners(session, 'none')).length > 0;
      return holdsIf(
        !created || session.dialect.updateMayCreate,
        `${created ? 'the row is there now' : 'no row'}; affectedRows ${affected}`,
      );
    },
  },
];
