import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTATIONS, type Mutation } from './mutations/list.ts';

/**
 * Proves that the simulation can find something: breaks a copy of the tree in one place at a time and runs seeds
 * on it until one fails. Writes the seeds that caught each mutation; exits 1 when one survives.
 */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const RECORD = join(ROOT, 'test/simulation/mutations.md');
const COPIED = ['shared', 'test/simulation', 'scripts/mutations', 'prompts', 'package.json', 'tsconfig.json'];
const SEEDS_PER_RUN = 100;
const RUN_LIMIT_MS = 300_000;

interface Catch {
  readonly seed: number;
  readonly violation: string;
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '4000' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});

function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function apply({ name, file, find, replace }: Mutation, copy: string): void {
  const source = readFileSync(join(copy, file), 'utf8');
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(`${name}: its text stands ${parts.length - 1} times in ${file}, expected once`);
  writeFileSync(join(copy, file), parts.join(replace));
}

function hunt(copy: string, from: number): Promise<Catch | null> {
  const args = [
    '--import',
    'tsx',
    'scripts/mutations/hunt.ts',
    String(from),
    String(from + SEEDS_PER_RUN - 1),
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: copy, timeout: RUN_LIMIT_MS }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`the hunt broke off: ${stderr.slice(-500)}`, { cause: error }));
      else resolve(stdout === '' ? null : (JSON.parse(stdout) as Catch));
    });
  });
}

async function tryMutation(mutation: Mutation, seeds: number): Promise<Catch | null> {
  const copy = copyTree();
  try {
    apply(mutation, copy);
    for (let from = 1; from <= seeds; from += SEEDS_PER_RUN) {
      const found = await hunt(copy, from);
      if (found !== null) return found;
    }
    return null;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function record(results: ReadonlyMap<Mutation, Catch | null>): void {
  const cell = (text: string): string => text.replaceAll('|', '\\|').slice(0, 110);
  const rows = MUTATIONS.map((mutation) => {
    const found = results.get(mutation);
    const seen = found ? `${found.seed} | ${cell(found.violation)}` : '- | **survived**';
    return `| ${mutation.name} | \`${mutation.file}\` | ${mutation.why} | ${seen} |`;
  });
  const lines = [
    '# Mutations and the seeds that catch them',
    '',
    'Written by `tsx scripts/mutate.ts`: each mutation breaks one place of a copy of the tree, and the simulation runs',
    'until a seed fails. The mutations themselves are in `scripts/mutations/list.ts`.',
    '',
    '| mutation | file | why it must be caught | seed | what that seed saw |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ];
  writeFileSync(RECORD, lines.join('\n'));
}

async function main(): Promise<void> {
  const seeds = Number(values.seeds);
  const chosen = MUTATIONS.filter(({ name }) => name.includes(values.only));
  const results = new Map<Mutation, Catch | null>();
  const open = [...chosen];
  const work = async (): Promise<void> => {
    for (let mutation = open.shift(); mutation !== undefined; mutation = open.shift()) {
      const found = await tryMutation(mutation, seeds);
      results.set(mutation, found);
      console.log(
        `${mutation.name}: ${found ? `seed ${found.seed}, ${found.violation}` : `SURVIVED ${seeds} seeds`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  if (values.only === '') record(results);
  const survivors = [...results.values()].filter((found) => found === null).length;
  console.log(`${results.size} mutations, ${survivors} survived.`);
  process.exitCode = survivors === 0 ? 0 : 1;
}

await main();
