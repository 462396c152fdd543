import { parseArgs } from 'node:util';
import { toMemoryError } from '../shared/domain/errors.ts';
import { migrateDatabase } from '../shared/runtime.ts';

const USAGE = `npm run migrate [-- --dry-run]

Creates or upgrades the tables of the configured database, and the search index. Safe to run at any time and again.
The embedded store does this by itself.

  --dry-run  print the statements, change nothing
  --help     this text`;

try {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(USAGE);
  else await run(values['dry-run']);
} catch (error) {
  console.error(toMemoryError(error).message);
  process.exitCode = 1;
}

async function run(dryRun: boolean): Promise<void> {
  const { from, to, statements } = await migrateDatabase({ dryRun });
  for (const statement of statements) console.log(`${statement};`);
  const version = from === to ? `schema version ${to}` : `schema version ${from} -> ${to}`;
  if (statements.length === 0) console.log(`Nothing to do: ${version}.`);
  else console.log(`${dryRun ? 'Would run' : 'Ran'} ${statements.length} statements: ${version}.`);
}
