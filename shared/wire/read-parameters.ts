import { z } from 'zod';
import { MemoryError } from '../domain/errors.ts';
import {
  chatsSchema,
  decimal,
  flag,
  integer,
  isoDay,
  jsonParameter,
  list,
  topicLimitsSchema,
} from './query.ts';
import { parsed } from './validation.ts';

const profileShape = {
  topk: integer(),
  max_token_size: integer(),
  prefer_topics: list(),
  only_topics: list(),
  max_subtopic_size: integer(),
  topic_limits_json: z.string().optional(),
  topic_limits: z.string().optional(),
  chats_str: z.string().optional(),
};
const profileSchema = z.object(profileShape);
const contextSchema = z.object({
  ...profileShape,
  profile_event_ratio: decimal(),
  event_similarity_threshold: decimal(),
  time_range_in_days: integer(),
  fill_window_with_events: flag(false),
  customize_context_prompt: z.string().optional(),
});
const searchSchema = z.object({
  query: z.string(),
  topk: integer(),
  similarity_threshold: decimal(),
  time_range_in_days: integer(),
  topics: list(),
  sub_topics: list(),
  tags: list(),
  tag_values: list(),
  happened_from: isoDay(),
  happened_to: isoDay(),
});
const tagSchema = z.object({ tags: list(), tag_values: list(), topk: integer() });
const eventSchema = z.object({ topk: integer(), max_token_size: integer() });

type Query = Readonly<Record<string, string>>;

/** Which slots a client wants. `topic_limits` is what one client sends for `topic_limits_json`. */
export function profileRules(query: Query) {
  const values = parsed('query', profileSchema, query);
  const limits = values.topic_limits_json || values.topic_limits;
  return {
    preferTopics: values.prefer_topics ?? [],
    onlyTopics: values.only_topics ?? [],
    maxSubtopicSize: values.max_subtopic_size ?? null,
    topicLimits: jsonParameter('topic_limits_json', limits, topicLimitsSchema) ?? {},
    topk: notNegative('topk', values.topk ?? null),
    maxTokens: notNegative('max_token_size', values.max_token_size ?? null),
  };
}

/** What a client wants in a context, with the protocol's defaults. */
export function contextParameters(query: Query) {
  const values = parsed('query', contextSchema, query);
  const ratio = values.profile_event_ratio ?? 0.6;
  if (!(ratio > 0 && ratio <= 1)) {
    throw new MemoryError(
      'invalid_request',
      `profile_event_ratio has to be above 0 and at most 1; got ${ratio}.`,
    );
  }
  const { topk: _, ...rules } = profileRules(query);
  return {
    ...rules,
    maxTokens: rules.maxTokens ?? 1000,
    chats: jsonParameter('chats_str', values.chats_str, chatsSchema) ?? [],
    profileEventRatio: ratio,
    similarityThreshold: values.event_similarity_threshold ?? 0.2,
    timeRangeDays: notNegative('time_range_in_days', values.time_range_in_days ?? 180) ?? 180,
    fillWindowWithEvents: values.fill_window_with_events,
    customPrompt: values.customize_context_prompt ?? null,
  };
}

/** As {@link contextParameters}, for this project's own endpoint. */
export function recallParameters(query: Query) {
  const { recent } = parsed('query', z.object({ recent: flag(true) }), query);
  const { fillWindowWithEvents: _, ...rest } = contextParameters(query);
  return { ...rest, recent };
}

export function eventParameters(query: Query) {
  const values = parsed('query', eventSchema, query);
  return {
    topk: notNegative('topk', values.topk ?? 10) ?? 10,
    maxTokens: notNegative('max_token_size', values.max_token_size ?? null),
  };
}

/** What a client searches the timeline for. Topics, tags and days narrow the search for events. */
export function searchParameters(query: Query) {
  const values = parsed('query', searchSchema, query);
  const { happened_from: from, happened_to: to } = values;
  return {
    query: values.query,
    topk: notNegative('topk', values.topk ?? 10) ?? 10,
    similarityThreshold: values.similarity_threshold ?? 0.2,
    timeRangeDays: notNegative('time_range_in_days', values.time_range_in_days ?? 180) ?? 180,
    topics: values.topics ?? [],
    subTopics: values.sub_topics ?? [],
    tags: values.tags ?? [],
    tagValues: tagValues(values.tag_values),
    happened:
      from === undefined && to === undefined
        ? undefined
        : { from: from ?? '0000-01-01', to: to ?? '9999-12-31' },
  };
}

export function tagParameters(query: Query) {
  const values = parsed('query', tagSchema, query);
  return {
    topk: notNegative('topk', values.topk ?? 10) ?? 10,
    filter: { tags: values.tags ?? [], tagValues: tagValues(values.tag_values), topics: [], subTopics: [] },
  };
}

/** `name=value` pieces, split at the first `=`; a piece without one is ignored, the last of a name counts. */
function tagValues(pieces: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (pieces ?? []).flatMap((piece) => {
      const at = piece.indexOf('=');
      return at < 0 ? [] : [[piece.slice(0, at).trim(), piece.slice(at + 1).trim()]];
    }),
  );
}

function notNegative(name: string, value: number | null): number | null {
  if (value === null || value >= 0) return value;
  throw new MemoryError('invalid_request', `${name} must not be negative; got ${value}.`);
}
