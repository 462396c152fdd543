import { parseArgs } from 'node:util';
import { toMemoryError } from '../shared/domain/errors.ts';
import { reembedDatabase } from '../shared/runtime.ts';

const USAGE = `npm run reembed

Embeds every gist with the configured embedding_model and embedding_dim, beside the vectors in use, which searches
go on using meanwhile. Then:
  1. deploy the functions with the new settings,
  2. run it once more: it embeds what came in meanwhile and retires the old vectors.
A run that was broken off goes on where it stopped.

  --help     this text`;

try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) console.log(USAGE);
  else await run();
} catch (error) {
  console.error(toMemoryError(error).message);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { lives, retired } = await reembedDatabase();
  console.log(
    retired
      ? `Looked at ${lives} users; the vectors of the former model are retired.`
      : `Embedded the memory of ${lives} users. Deploy with these settings, then run npm run reembed once more.`,
  );
}
