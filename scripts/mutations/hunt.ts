import { runSeed } from '../../test/simulation/run.ts';

/** Runs seeds until one fails: `hunt.ts FROM TO`. Prints the seed and what it saw, or nothing. */
const [from = 1, to = 1] = process.argv.slice(2).map(Number);
for (let seed = from; seed <= to; seed += 1) {
  const { violations } = await runSeed(seed);
  const [violation] = violations;
  if (violation === undefined) continue;
  console.log(JSON.stringify({ seed, violation: violation.split('\n')[0] }));
  break;
}
