import type { z } from 'zod';

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  /** Names paths and rules, never what the model wrote. */
  | { readonly ok: false; readonly problem: string };

/**
 * Finds the first JSON object in a model's answer that fits the schema, past thoughts, code fences and prose.
 * An answer that is pure JSON is taken as it is, so a `</think>` inside one of its strings does no harm.
 */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): Reading<T> {
  let problem = text.trim() === '' ? 'the answer is empty' : 'the answer holds no complete JSON object';
  const candidates = wholeObject(text) ?? objectsIn(withoutThoughts(text));
  let first = true;
  for (const candidate of candidates) {
    const parsed = schema.safeParse(candidate);
    if (parsed.success) return { ok: true, value: parsed.data };
    if (first) problem = issuesOf(parsed.error);
    first = false;
  }
  return { ok: false, problem };
}

function wholeObject(text: string): unknown[] | null {
  const value = parseObject(text);
  return value === undefined ? null : [value];
}

/** Drafts among the thoughts of a reasoning model are no answer; some servers swallow the opening tag. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  if (end >= 0) return text.slice(end + '</think>'.length);
  return /^\s*<think>/.test(text) ? '' : text;
}

/** Each start may cost a scan to the end, and models caught in a loop write nothing but braces. */
const MAX_STARTS = 200;

/** The outermost balanced objects that are JSON, in order. */
function* objectsIn(text: string): Generator<unknown> {
  let at = text.indexOf('{');
  for (let starts = 0; at >= 0 && starts < MAX_STARTS; starts += 1) {
    const end = endOfObject(text, at);
    const value = end === null ? undefined : parseObject(text.slice(at, end));
    if (value !== undefined) yield value;
    at = text.indexOf('{', value !== undefined && end !== null ? end : at + 1);
  }
}

/** Index after the brace that closes the one at `start`; braces inside strings do not count. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function parseObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const MAX_ISSUES = 5;

function issuesOf(error: z.ZodError): string {
  const issues = error.issues.map((issue) => `${issue.path.join('.') || 'the object'}: ${issue.message}`);
  const more = issues.length - MAX_ISSUES;
  return issues.slice(0, MAX_ISSUES).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
