import type { OpenAI } from 'openai';
import { z } from 'zod';

/** Ways of asking for JSON, the strictest first; a provider that refuses one is asked on the next. */
export const RUNGS = ['json_schema', 'json_object', 'text'] as const;
export type Rung = (typeof RUNGS)[number];
export const STRUCTURED_OUTPUTS = ['auto', ...RUNGS] as const;
export type StructuredOutput = (typeof STRUCTURED_OUTPUTS)[number];

type ResponseFormat = NonNullable<OpenAI.Chat.ChatCompletionCreateParams['response_format']>;

/** The part of a request body that asks for JSON on this rung. */
export function responseFormat(
  rung: Rung,
  name: string,
  schema: z.ZodType,
): { response_format?: ResponseFormat } {
  switch (rung) {
    case 'json_schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name, strict: true, schema: strictJsonSchema(schema) },
        },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'text':
      return {};
    default:
      return rung satisfies never;
  }
}

/** Below the first rung the schema travels in the system text, the same each time, so that it can be cached. */
export function systemText(rung: Rung, system: string, schema: z.ZodType): string {
  if (rung === 'json_schema') return system;
  return `${system}\n\nAnswer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(
    strictJsonSchema(schema),
  )}`;
}

/**
 * The schema in the subset that strict mode takes: every object closed, every property required, no bounds on
 * integers (zod adds those of the safe range).
 */
export function strictJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.type === 'object') {
        jsonSchema.additionalProperties = false;
        jsonSchema.required = Object.keys(jsonSchema.properties ?? {});
      }
      if (jsonSchema.type === 'integer') {
        delete jsonSchema.minimum;
        delete jsonSchema.maximum;
      }
    },
  });
  return json;
}
