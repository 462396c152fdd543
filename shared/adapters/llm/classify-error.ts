/**
 * What a failed call means: `transient` heals by waiting, `rejected` needs an operator (key, model, account),
 * `content` is about this very text, `format` means that this way of asking for JSON is not offered.
 */
export type FailureKind = 'transient' | 'rejected' | 'content' | 'format';

export interface ProviderFailure {
  readonly kind: FailureKind;
  readonly status: number | null;
  /** For logs and errors: never the text that was sent, never the key. */
  readonly reason: string;
  /** What the provider asked for in its headers. */
  readonly retryAfterMs: number | null;
  readonly cause: unknown;
}

/** What must not appear in a reason. */
export interface Confidential {
  readonly apiKey: string;
  readonly text: string;
}

/** The fields of the SDK's errors that are read here; checked by shape, so that the SDK need not be loaded. */
interface StatusError {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  readonly param: string;
  readonly headers: Headers | null;
}

/** @param nowMs to read a `retry-after` that names a date */
export function classifyError(thrown: unknown, confidential: Confidential, nowMs: number): ProviderFailure {
  const error = asStatusError(thrown);
  if (error === null) {
    return transient(
      thrown instanceof SyntaxError ? NOT_JSON : `no connection (${systemCode(thrown)})`,
      thrown,
    );
  }
  return {
    kind: kindOf(error),
    status: error.status,
    reason: reasonOf(error, confidential),
    retryAfterMs: retryAfterMs(error.headers, nowMs),
    cause: thrown,
  };
}

export function transient(reason: string, cause: unknown): ProviderFailure {
  return { kind: 'transient', status: null, reason, retryAfterMs: null, cause };
}

const NOT_JSON = 'it answered 200 with a body that is not JSON; is the base URL right?';

const QUOTA_CODES = /^(insufficient_quota|billing_hard_limit_reached|exceeded_current_quota_error)$/;
const FORMAT_WORDS =
  /response_format|json_schema|json_object|structured.?output|json mode|guided_json|requested parameters/i;
const UNSUPPORTED_WORDS = /unsupported|not support|不支持/i;
const OTHER_PARAMETERS = /temperature|max_(completion_)?tokens|role/i;
const CONTENT_WORDS =
  /context.?(length|window)|input.{0,12}(length|long)|too many tokens|string_above_max_length|content.?(filter|policy|management)|inappropriate|sensitive|inspection|moderation|flagged|敏感|不安全/i;
const OPERATOR_WORDS =
  /model|api.?key|param|unsupported|unknown|unrecogni[sz]ed|not (exist|found|support)|quota|balance|不支持|不存在/i;

/** Anything else a provider says no to with a 4xx is about the account, the key or the model. */
function kindOf(error: StatusError): FailureKind {
  const { status, code } = error;
  if (status === 429) return QUOTA_CODES.test(code) ? 'rejected' : 'transient';
  if (status === 408 || status === 409 || status >= 500) return 'transient';
  if ([400, 404, 422].includes(status) && refusesFormat(error)) return 'format';
  if (status === 413) return 'content';
  const words = `${code} ${error.message}`;
  if ([400, 403, 422].includes(status) && CONTENT_WORDS.test(words)) return 'content';
  if (status !== 400 && status !== 422) return 'rejected';
  // In doubt it is the text: that burdens one batch, while `rejected` would stop a whole project for one user's words.
  return (error.param !== '' && !/^(messages|input)/.test(error.param)) || OPERATOR_WORDS.test(words)
    ? 'rejected'
    : 'content';
}

function refusesFormat({ param, code, message }: StatusError): boolean {
  if (param !== '') return param.startsWith('response_format');
  const words = `${code} ${message}`;
  return FORMAT_WORDS.test(words) || (UNSUPPORTED_WORDS.test(words) && !OTHER_PARAMETERS.test(words));
}

function asStatusError(thrown: unknown): StatusError | null {
  if (!(thrown instanceof Error) || !('status' in thrown) || typeof thrown.status !== 'number') return null;
  const field = (name: string): string => {
    const value: unknown = Reflect.get(thrown, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const headers: unknown = Reflect.get(thrown, 'headers');
  return {
    status: thrown.status,
    message: thrown.message.replace(/^\d{3} /, ''),
    code: field('code') || field('type'),
    param: field('param'),
    headers: headers instanceof Headers ? headers : null,
  };
}

/** The deepest error code of a failed connection, such as ECONNREFUSED; messages may hold header values. */
function systemCode(thrown: unknown): string {
  let code = thrown instanceof Error ? thrown.constructor.name : typeof thrown;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') code = error.code;
  }
  return code;
}

const MAX_QUOTE = 200;
/** Providers echo parts of a faulty request; a piece this long in common with the text is taken for an echo. */
const ECHO_CHARS = 12;

function reasonOf({ status, code, message }: StatusError, { apiKey, text }: Confidential): string {
  const said = message.replace(/\s+/g, ' ').slice(0, MAX_QUOTE);
  const head = `it answered ${status}${/^[\w.-]{1,60}$/.test(code) ? ` ${code}` : ''}`;
  const repeats = (length: number, where: string) =>
    where !== '' && slices(said, length).some((slice) => where.includes(slice));
  if (said === '' || repeats(ECHO_CHARS, text) || repeats(ECHO_CHARS, apiKey)) return head;
  return `${head} (${said})`;
}

function slices(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) =>
    text.slice(at, at + length),
  );
}

function retryAfterMs(headers: Headers | null, nowMs: number): number | null {
  const milliseconds = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const value = headers?.get('retry-after')?.trim() ?? '';
  if (value === '') return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
