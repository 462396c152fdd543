import type { Tokenizer } from '../../app/ports.ts';
import { MemoryError } from '../../domain/errors.ts';

let loading: Promise<Tokenizer> | null = null;

/**
 * The exact o200k_base tokenizer, loaded once per process (a third of a second, some 5 MB).
 * A bundle needs `tiktoken/lite/tiktoken_bg.wasm` as `tiktoken_bg.wasm` in its own folder.
 */
export function loadTokenizer(): Promise<Tokenizer> {
  loading ??= load().catch((cause: unknown) => {
    loading = null;
    throw new MemoryError(
      'internal',
      'the tokenizer could not be loaded; is tiktoken_bg.wasm beside the bundle?',
      {
        cause,
      },
    );
  });
  return loading;
}

/**
 * The encoder needs time quadratic in the length of an unbroken run (seconds for 20,000 letters), which no natural
 * text has. Such text is counted in slices: at most a token or two too many for each slice.
 */
const UNBROKEN_RUN = /[\p{L}\p{M}]{500,}|\s{500,}|[^\s\p{L}\p{N}]{500,}/u;
const SLICE = /[\s\S]{1,500}/gu;

async function load(): Promise<Tokenizer> {
  const [{ Tiktoken }, { default: tables }] = await Promise.all([
    import('tiktoken/lite'),
    import('tiktoken/encoders/o200k_base'),
  ]);
  // CommonJS whose types claim a default export: what it exports is the tables themselves.
  const o200k = tables as unknown as typeof tables.default;
  const encoding = new Tiktoken(o200k.bpe_ranks, o200k.special_tokens, o200k.pat_str);
  // "Ordinary": text such as <|endoftext|> is something a user wrote, not a control token.
  const count = (text: string): number => encoding.encode_ordinary(text).length;
  return {
    count: (text) => {
      if (!UNBROKEN_RUN.test(text)) return count(text);
      return (text.match(SLICE) ?? []).reduce((sum, slice) => sum + count(slice), 0);
    },
  };
}
