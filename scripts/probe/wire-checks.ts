import { createConnection } from 'mysql2/promise';
import { type Check, failureOf, holdsIf, noted } from './check.ts';
import type { ProbeSession } from './session.ts';

const IDLE_MS = 11 * 60_000;

async function connectWith({ options }: ProbeSession, tls: boolean): Promise<string> {
  const { host, port, user, password, database } = options;
  const connection = await createConnection({
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  });
  try {
    const [rows] = await connection.query('SELECT 1 AS n');
    return `works (${JSON.stringify(rows)})`;
  } finally {
    await connection.end();
  }
}

/** What the network does: point 7. */
export const wireChecks: readonly Check[] = [
  {
    question: 'plain text connection',
    async ask(session) {
      return noted((await failureOf(connectWith(session, false))) ?? 'works');
    },
  },
  {
    question: 'TLS connection',
    async ask(session) {
      return noted((await failureOf(connectWith(session, true))) ?? 'works');
    },
  },
];

/** Takes eleven minutes. */
export const idleCheck: Check = {
  question: 'an idle connection lives longer than ten minutes, or its loss is noticed at once',
  async ask({ pool }) {
    const connection = await pool.getConnection();
    await connection.query('SELECT 1');
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const begunMs = Date.now();
    const failure = await failureOf(connection.query('SELECT 1'));
    const tookMs = Date.now() - begunMs;
    connection.destroy();
    return holdsIf(tookMs < 5_000, `${failure ?? 'still alive'} after ${tookMs} ms`);
  },
};
