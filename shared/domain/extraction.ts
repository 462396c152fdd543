import { z } from 'zod';
import { ENTRY_KINDS } from './memory.ts';

/** The structured answers asked of a model, by the schema name they travel under. */
export const extractionSchema = z.object({
  entries: z.array(
    z.object({
      text: z.string(),
      kind: z.enum(ENTRY_KINDS),
      mentioned_on: z.string().nullable(),
      happened_from: z.string().nullable(),
      happened_to: z.string().nullable(),
    }),
  ),
  facts: z.array(z.object({ topic: z.string(), sub_topic: z.string(), memo: z.string() })),
  tags: z.array(z.object({ tag: z.string(), value: z.string() })),
});
export type Extraction = z.infer<typeof extractionSchema>;
export type ExtractedFact = Extraction['facts'][number];

export const MERGE_ACTIONS = ['update', 'append', 'abort'] as const;
export const mergeSchema = z.object({
  decisions: z.array(z.object({ fact: z.number().int(), action: z.enum(MERGE_ACTIONS), memo: z.string() })),
});
export type MergeDecision = z.infer<typeof mergeSchema>['decisions'][number];

/** Numbers of the profile entries that matter to a conversation, the most useful first. */
export const profilePickSchema = z.object({ picked: z.array(z.number().int()) });

export const LLM_STEPS = ['memory_extraction', 'profile_merge', 'profile_pick'] as const;
export type LlmStep = (typeof LLM_STEPS)[number];
