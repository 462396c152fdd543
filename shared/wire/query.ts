import { z } from 'zod';
import { messageSchema } from '../domain/blob.ts';
import { MemoryError } from '../domain/errors.ts';
import { asIsoDay } from '../domain/time.ts';

const TRUE = new Set(['true', '1', 'yes', 'on', 'y', 't']);
const FALSE = new Set(['false', '0', 'no', 'off', 'n', 'f']);

/** Booleans in any letter case, in the words the protocol's clients use. */
export const flag = (byDefault: boolean) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return byDefault;
      const word = text.toLowerCase();
      if (TRUE.has(word) || FALSE.has(word)) return TRUE.has(word);
      context.addIssue({ code: 'custom', message: 'Input should be a valid boolean' });
      return z.NEVER;
    });

const INTEGER = /^\s*[+-]?\d{1,15}\s*$/;

export const integer = () =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      if (INTEGER.test(text)) return Number(text);
      context.addIssue({ code: 'custom', message: 'Input should be a valid integer' });
      return z.NEVER;
    });

export const decimal = () =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const value = Number(text);
      if (text.trim() !== '' && Number.isFinite(value)) return value;
      context.addIssue({ code: 'custom', message: 'Input should be a valid number' });
      return z.NEVER;
    });

/**
 * A repeated key. Function Compute joins repeated values with commas, so a comma separates there; an item that
 * holds a comma cannot be told apart.
 */
export const list = () =>
  z
    .string()
    .optional()
    .transform((text) =>
      text
        ?.split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );

export const isoDay = () =>
  z
    .string()
    .refine((text) => asIsoDay(text) !== null, 'Input should be a day as YYYY-MM-DD')
    .optional();

/** JSON in a query parameter; empty counts as absent, a wrong one is an application error 400. */
export function jsonParameter<T>(
  name: string,
  text: string | undefined,
  schema: z.ZodType<T>,
): T | undefined {
  if (text === undefined || text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new MemoryError('invalid_request', `${name} is not valid JSON.`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new MemoryError(
    'invalid_request',
    `${name} has the wrong shape: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

export const chatsSchema = z.array(messageSchema);

/** `{topic: limit}`; numeric strings are allowed. */
export const topicLimitsSchema = z.record(
  z.string(),
  z.union([
    z.int(),
    z
      .string()
      .regex(/^[+-]?\d+$/)
      .transform(Number),
  ]),
);
