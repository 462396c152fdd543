/** What the platform knows of a request before it becomes an event. */
export interface IncomingRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly httpVersion: string;
}

/** HTTP event, version 1, of a function with a managed runtime. */
export interface HttpEvent {
  readonly version: 'v1';
  /** Still percent-encoded, without the query. */
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. Values of a repeated key are joined by a comma: whoever reads cannot tell them from one value. */
  readonly queryParameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly accountId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly requestId: string;
    /** Second precision; `timeEpoch` is in milliseconds. */
    readonly time: string;
    readonly timeEpoch: string;
    readonly http: {
      readonly method: string;
      /** Decoded. */
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
  };
}

/** A body of any other type, or of none, travels as base64. */
const PLAIN_TYPES = new Set([
  'application/json',
  'application/ld+json',
  'application/xml',
  'application/xhtml+xml',
  'application/atom+xml',
  'application/javascript',
]);

export function toHttpEvent(
  request: IncomingRequest,
  invocation: { readonly accountId: string; readonly requestId: string; readonly nowMs: number },
): HttpEvent {
  const [rawPath = '/', query = ''] = split(request.target, '?');
  const headers = joinedByName(
    pairs(request.rawHeaders).map(([name, value]) => [canonicalName(name), value]),
  );
  const plain = isPlain(headers['Content-Type'] ?? '');
  const domainName = (headers['Host'] ?? '').replace(/:\d+$/, '');
  return {
    version: 'v1',
    rawPath,
    headers,
    queryParameters: joinedByName([...new URLSearchParams(query)]),
    body: request.body.toString(plain ? 'utf8' : 'base64'),
    isBase64Encoded: !plain,
    requestContext: {
      accountId: invocation.accountId,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      requestId: invocation.requestId,
      time: new Date(invocation.nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      timeEpoch: String(invocation.nowMs),
      http: {
        method: request.method,
        path: decoded(rawPath),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.sourceIp,
        userAgent: headers['User-Agent'] ?? '',
      },
    },
  };
}

/** As Go writes header names: `x-fc-REQUEST-id` becomes `X-Fc-Request-Id`. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function isPlain(contentType: string): boolean {
  const [type = ''] = contentType.toLowerCase().split(';');
  return type.trim().startsWith('text/') || PLAIN_TYPES.has(type.trim());
}

function joinedByName(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of entries) {
    const earlier = joined.get(name);
    joined.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(joined);
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) =>
    index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as [string, string]] : [],
  );
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A path that is not valid percent-encoding stays as it came. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
