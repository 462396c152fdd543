/**
 * What a failure means to whoever retries:
 * `later` the world is at fault and heals by waiting; `content` this input fails wherever it is tried;
 * `operator` only a person can repair it (key, model, schema); `never` the request itself is wrong.
 */
export type Healing = 'later' | 'content' | 'operator' | 'never';

interface CodeMeaning {
  /** The number the Memobase wire protocol gives this failure. */
  readonly errno: number;
  readonly healing: Healing;
}

const CODES = {
  invalid_request: { errno: 400, healing: 'never' },
  unauthorized: { errno: 401, healing: 'never' },
  not_found: { errno: 404, healing: 'never' },
  conflict: { errno: 409, healing: 'never' },
  too_large: { errno: 413, healing: 'never' },
  config_invalid: { errno: 500, healing: 'operator' },
  schema_newer: { errno: 500, healing: 'operator' },
  statement_refused: { errno: 500, healing: 'operator' },
  /** Somebody else kept changing the same user's memory; nothing was written. */
  contended: { errno: 503, healing: 'later' },
  store_unavailable: { errno: 503, healing: 'later' },
  /** Timeout, 408, 429, 5xx or no connection. */
  llm_unavailable: { errno: 503, healing: 'later' },
  /** The provider refuses the account, the key or the model. */
  llm_rejected: { errno: 503, healing: 'operator' },
  /** The provider refuses this very text (its length, its content). */
  llm_refused_content: { errno: 520, healing: 'content' },
  llm_output_invalid: { errno: 520, healing: 'content' },
  embedding_off: { errno: 501, healing: 'operator' },
  embedding_unavailable: { errno: 503, healing: 'later' },
  rerank_unavailable: { errno: 503, healing: 'later' },
  invoke_failed: { errno: 503, healing: 'later' },
  /** The function's own time limit came first. */
  out_of_time: { errno: 504, healing: 'later' },
  internal: { errno: 500, healing: 'later' },
} as const satisfies Record<string, CodeMeaning>;

export type ErrorCode = keyof typeof CODES;

/** The one error class of this project: a machine-readable code, a message for people, the cause kept. */
export class MemoryError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MemoryError';
    this.code = code;
  }

  /** Error number on the wire; see `docs` of the Memobase protocol: 0 is success. */
  get errno(): number {
    return CODES[this.code].errno;
  }

  get healing(): Healing {
    return CODES[this.code].healing;
  }
}

/** Any thrown value as a {@link MemoryError}; an unknown one becomes `internal` and stays its cause. */
export function toMemoryError(thrown: unknown): MemoryError {
  if (thrown instanceof MemoryError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new MemoryError('internal', text, { cause: thrown });
}
