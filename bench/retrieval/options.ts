import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryError } from '../../shared/domain/errors.ts';

export const USAGE = `npm run bench:retrieval [-- OPTIONS]

Feeds conversations into the product over HTTP, asks their questions, and prints how much of the
evidence stands in the contexts it returns. The language model is replayed from the data.

  --data DIR             conversations of the LoCoMo form (default: the Chinese set of this repository)
  --split NAME           folder inside DIR, where there is one (default dev)
  --language en|zh       language of the product (default: zh for our own set, else en)
  --budgets N,N,...      tokens of a context (default 500,1000,2000; 10 %, 20 %, 40 % for our own set)
  --shares P,P,...       budgets as percentages of each conversation's whole memory
  --store NAME           sqlite, mysql (default sqlite); its settings come from MEMOBASE_* variables
  --search NAME          search backend, where the store leaves a choice
  --embedding-url URL    OpenAI-compatible embeddings; without it the replay hashes words
  --embedding-dim N      length of the vectors (default 512)
  --embedding-model NAME model name that is sent (default replay)
  --no-embeddings        search goes by words alone
  --out FILE             writes every context as a JSON line
  --help                 this text`;

/** How large the contexts are: tokens, or shares of a conversation's memory. */
export type Level =
  | { readonly kind: 'tokens'; readonly tokens: number }
  | { readonly kind: 'share'; readonly percent: number };

export interface Options {
  readonly data: string;
  readonly split: string;
  readonly language: 'en' | 'zh';
  readonly levels: readonly Level[];
  readonly store: string;
  readonly search: string | null;
  readonly embeddings: {
    readonly enabled: boolean;
    /** Null for the replay's own. */
    readonly url: string | null;
    readonly dimension: number;
    readonly model: string;
  };
  readonly out: string | null;
  readonly help: boolean;
}

const OWN_DATA = join(import.meta.dirname, 'zh');

/** Reads the command line. Throws `invalid_request` naming the option and what it got. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      split: { type: 'string', default: 'dev' },
      language: { type: 'string' },
      budgets: { type: 'string' },
      shares: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      search: { type: 'string' },
      'embedding-url': { type: 'string' },
      'embedding-dim': { type: 'string', default: '512' },
      'embedding-model': { type: 'string', default: 'replay' },
      'no-embeddings': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    data: values.data ?? OWN_DATA,
    split: values.split,
    language: languageOf(values.language ?? (values.data === undefined ? 'zh' : 'en')),
    levels: levelsOf(values.budgets, values.shares, values.data === undefined),
    store: values.store,
    search: values.search ?? null,
    embeddings: {
      enabled: !values['no-embeddings'],
      url: values['embedding-url'] ?? null,
      dimension: numbers('--embedding-dim', values['embedding-dim'])[0] ?? 0,
      model: values['embedding-model'],
    },
    out: values.out ?? null,
    help: values.help,
  };
}

function levelsOf(budgets: string | undefined, shares: string | undefined, own: boolean): Level[] {
  if (shares !== undefined || (budgets === undefined && own)) {
    return numbers('--shares', shares ?? '10,20,40').map((percent) => ({ kind: 'share', percent }));
  }
  return numbers('--budgets', budgets ?? '500,1000,2000').map((tokens) => ({ kind: 'tokens', tokens }));
}

function numbers(option: string, text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => value > 0)) return values;
  throw new MemoryError('invalid_request', `${option} takes numbers above 0; got ${text}.`);
}

function languageOf(text: string): 'en' | 'zh' {
  if (text === 'en' || text === 'zh') return text;
  throw new MemoryError('invalid_request', `--language takes en or zh; got ${text}.`);
}

export const levelName = (level: Level): string =>
  level.kind === 'tokens' ? String(level.tokens) : `${level.percent} %`;

/** @param memory o200k_base tokens of the whole memory */
export const budgetOf = (level: Level, memory: number): number =>
  level.kind === 'tokens' ? level.tokens : Math.round((level.percent / 100) * memory);
