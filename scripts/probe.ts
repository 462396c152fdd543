import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../shared/config.ts';
import { MemoryError, toMemoryError } from '../shared/domain/errors.ts';
import { connect, lindormOptions, mysqlOptions } from '../shared/runtime/connections.ts';
import { failureOf, notAsked, type Report, verdictOf } from './probe/check.ts';
import { probeSearch } from './probe/probe-search.ts';
import { racingChecks } from './probe/racing-checks.ts';
import { openSearchSite } from './probe/search-site.ts';
import { openProbe, PROBE, type ProbeSession } from './probe/session.ts';
import { statementChecks } from './probe/statement-checks.ts';
import { idleCheck, wireChecks } from './probe/wire-checks.ts';

const USAGE = `npm run probe [-- --idle] [-- --ttl]

Asks the configured database (store lindorm or mysql), and Lindorm's search engine if one answers at
lindorm_search_host, the questions that the documents leave open, one verdict each:
  holds    what this software relies on is so
  differs  it is not: do not go live, report it
  noted    nothing relies on it
  skipped  it was not asked, and why
It works in tables of its own, ${PROBE.name} and ${PROBE.name}_ with a random ending, and drops them.

  --idle   also wait eleven minutes to see what becomes of an idle connection
  --ttl    also wait, up to three hours, until an expired row has left the search index
  --help   this text`;

interface Patience {
  readonly idle: boolean;
  readonly ttl: boolean;
}

try {
  const { values } = parseArgs({
    options: {
      idle: { type: 'boolean', default: false },
      ttl: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else if (!(await probe(values))) process.exitCode = 1;
} catch (error) {
  console.error(toMemoryError(error).message);
  process.exitCode = 1;
}

/** True unless something differs. */
async function probe({ idle, ttl }: Patience): Promise<boolean> {
  const { config } = await loadConfig();
  let differing = 0;
  const report: Report = (question, { is, found }) => {
    if (is === 'differs') differing += 1;
    console.log(`${is.padEnd(8)} ${question}: ${found}`);
  };
  await probeTable(await openSession(config), idle, report);
  await probeSearch(await openSearchSite(config), ttl, report);
  console.log(differing === 0 ? 'Nothing differs.' : `${differing} differ.`);
  return differing === 0;
}

async function probeTable(session: ProbeSession, idle: boolean, report: Report): Promise<void> {
  try {
    await session.change(`DROP TABLE IF EXISTS ${PROBE.name}`);
    await session.change(session.dialect.createTable(PROBE));
    for (const check of [...racingChecks, ...statementChecks, ...wireChecks, ...(idle ? [idleCheck] : [])]) {
      report(check.question, await verdictOf(check, session));
    }
    if (!idle) report('an idle connection', notAsked('takes eleven minutes, npm run probe -- --idle'));
  } finally {
    await failureOf(session.change(`DROP TABLE IF EXISTS ${PROBE.name}`));
    await session.close();
  }
}

async function openSession(config: Config): Promise<ProbeSession> {
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
