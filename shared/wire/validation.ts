import { z } from 'zod';

/** A path, query or body that does not fit its schema: status 422, no envelope. */
export class Unprocessable extends Error {
  readonly issues: readonly FieldIssue[];

  constructor(issues: readonly FieldIssue[]) {
    super(issues.map(({ msg }) => msg).join('; '));
    this.name = 'Unprocessable';
    this.issues = issues;
  }

  toResponse(): Response {
    return Response.json({ detail: this.issues }, { status: 422 });
  }
}

export interface FieldIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

/** The value as the schema has it. Throws {@link Unprocessable} with a place for each mistake. */
export function parsed<T>(place: 'path' | 'query' | 'body', schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Unprocessable(
    result.error.issues.map((issue) => ({
      type: issue.code,
      loc: [place, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))],
      msg: issue.message,
      input: inputAt(value, issue.path),
    })),
  );
}

/** What stood at a path, unless it is long. */
function inputAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found).slice(0, 100)
    : null;
}

/** Reads a JSON body. A body without a content type is taken for JSON; no body or broken JSON is a 422. */
export async function jsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? 'application/json';
  const text = await request.text();
  if (!/\bjson\b/i.test(type)) throw bodyIssue('model_attributes_type', 'Send the body as application/json');
  if (text === '') throw bodyIssue('missing', 'Field required: a JSON body');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw bodyIssue('json_invalid', 'JSON decode error');
  }
}

const bodyIssue = (type: string, msg: string): Unprocessable =>
  new Unprocessable([{ type, loc: ['body'], msg, input: null }]);

const UUID =
  /^(?:urn:uuid:)?([0-9a-f]{8})-?([0-9a-f]{4})-?([45][0-9a-f]{3})-?([89ab][0-9a-f]{3})-?([0-9a-f]{12})$/i;

/** A UUID of version 4 or 5, as the protocol demands; normalised to lower case with dashes. */
export const uuidSchema = z.string().transform((text, context) => {
  const match = UUID.exec(text);
  if (match !== null) return match.slice(1).join('-').toLowerCase();
  context.addIssue({ code: 'custom', message: 'Input should be a UUID of version 4 or 5' });
  return z.NEVER;
});
