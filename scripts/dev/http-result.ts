import { z } from 'zod';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const resultSchema = z.object({
  statusCode: z.number().int().min(100).max(599),
  headers: z.record(z.string(), z.unknown()).nullish(),
  isBase64Encoded: z.boolean().nullish(),
  body: z.unknown().optional(),
});

/** Set by the platform; what a function says about them is dropped. `x-fc-*` too. */
const RESERVED = new Set(['connection', 'content-length', 'date', 'keep-alive', 'server', 'upgrade']);

/** Turns the bytes a handler returned into the answer its HTTP caller gets. */
export function toHttpAnswer(returned: Buffer): HttpAnswer {
  const result = resultSchema.safeParse(parsed(returned));
  if (!result.success) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: returned };
  }
  const { statusCode, headers, isBase64Encoded, body } = result.data;
  return {
    status: statusCode,
    headers: forwarded(headers ?? {}),
    body: decoded(body, isBase64Encoded === true),
  };
}

function parsed(returned: Buffer): unknown {
  try {
    return JSON.parse(returned.toString('utf8'));
  } catch {
    return null;
  }
}

function forwarded(headers: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const allowed = entries.filter(([name, value]) => !isDropped(name, value));
  return Object.fromEntries(allowed);
}

function isDropped(name: string, value: string): boolean {
  const download = name === 'content-disposition' && /^\s*attachment/i.test(value);
  return RESERVED.has(name) || name.startsWith('x-fc-') || download;
}

/** A body that claims to be base64 and is not is sent as it stands. */
function decoded(body: unknown, isBase64: boolean): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = Buffer.from(text, isBase64 ? 'base64' : 'utf8');
  return isBase64 && bytes.toString('base64') !== text ? Buffer.from(text, 'utf8') : bytes;
}
