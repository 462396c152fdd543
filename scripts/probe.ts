import { parseArgs } from 'node:util';
import { loadConfig } from '../shared/config.ts';
import { MemoryError, toMemoryError } from '../shared/domain/errors.ts';
import { connect, lindormOptions, mysqlOptions } from '../shared/runtime/connections.ts';
import { type Check, failureOf, type Verdict } from './probe/check.ts';
import { racingChecks } from './probe/racing-checks.ts';
import { openProbe, PROBE, type ProbeSession } from './probe/session.ts';
import { statementChecks } from './probe/statement-checks.ts';
import { idleCheck, wireChecks } from './probe/wire-checks.ts';

const USAGE = `npm run probe [-- --idle]

Asks the configured database (store lindorm or mysql) the questions that its documents leave open, one verdict each:
  holds    what this software relies on is so
  differs  it is not: do not go live, report it
  noted    nothing relies on it
It works in a table of its own, ${PROBE.name}, and drops it.

  --idle   also wait eleven minutes to see what becomes of an idle connection
  --help   this text`;

try {
  const { values } = parseArgs({
    options: { idle: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) console.log(USAGE);
  else if (!(await probe(values.idle))) process.exitCode = 1;
} catch (error) {
  console.error(toMemoryError(error).message);
  process.exitCode = 1;
}

/** True unless something differs. */
async function probe(idle: boolean): Promise<boolean> {
  const session = await openSession();
  try {
    await session.change(`DROP TABLE IF EXISTS ${PROBE.name}`);
    await session.change(session.dialect.createTable(PROBE));
    let differing = 0;
    for (const check of [...racingChecks, ...statementChecks, ...wireChecks, ...(idle ? [idleCheck] : [])]) {
      const { is, found } = await verdictOf(check, session);
      if (is === 'differs') differing += 1;
      console.log(`${is.padEnd(8)} ${check.question}: ${found}`);
    }
    if (!idle)
      console.log('skipped  an idle connection: run npm run probe -- --idle, it takes eleven minutes');
    console.log(differing === 0 ? 'Nothing differs.' : `${differing} differ.`);
    return differing === 0;
  } finally {
    await failureOf(session.change(`DROP TABLE IF EXISTS ${PROBE.name}`));
    await session.close();
  }
}

async function verdictOf(check: Check, session: ProbeSession): Promise<Verdict> {
  try {
    return await check.ask(session);
  } catch (error) {
    return { is: 'differs', found: error instanceof Error ? error.message : String(error) };
  }
}

async function openSession(): Promise<ProbeSession> {
  const { config } = await loadConfig();
  if (config.store === 'sqlite') {
    throw new MemoryError(
      'config_invalid',
      'The store is sqlite. Set store to lindorm or mysql to probe one.',
    );
  }
  const { executor, dialect } = await connect(config);
  await executor.close();
  return openProbe(config.store === 'mysql' ? mysqlOptions(config) : lindormOptions(config), dialect);
}
