import { z } from 'zod';
import { readRelevantProfile } from '../../shared/app/pick-slots.ts';
import type { Deps } from '../../shared/app/ports.ts';
import { readProfile } from '../../shared/app/read-profile.ts';
import { searchProfiles } from '../../shared/app/search-profiles.ts';
import { PROFILE_SEARCH_MODES } from '../../shared/app/search-profiles-modes.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import { timeLimit } from '../../shared/fc.ts';
import { chatsSchema, decimal, flag, integer, jsonParameter, list } from '../../shared/wire/query.ts';
import { profileRules } from '../../shared/wire/read-parameters.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';
import { profile } from '../../shared/wire/shapes.ts';
import { parsed } from '../../shared/wire/validation.ts';

const pickSchema = z.object({ chats_str: z.string().optional(), pick: z.enum(['llm']).optional() });

/** The profile by rules. A conversation is looked at only on request, because that takes a model. */
export const getProfile: Route<Deps> = async ({ app, path, query, invocation }) => {
  const scope = userScope(path);
  const rules = profileRules(query);
  const { chats_str: text, pick } = parsed('query', pickSchema, query);
  const chats = jsonParameter('chats_str', text, chatsSchema) ?? [];
  if (pick === undefined || chats.length === 0) {
    return { profiles: (await readProfile(scope, rules, app)).map(profile) };
  }
  const { signal } = timeLimit(invocation, app.clock());
  const { slots } = await readRelevantProfile({ scope, rules, chats, signal }, app);
  return { profiles: slots.map(profile) };
};

const searchSchema = z.object({
  query: z.string().default(''),
  mode: z.enum(PROFILE_SEARCH_MODES).default('fusion'),
  topics: list(),
  subtopics: list(),
  max_results: integer(),
  min_score: decimal(),
  embedding_candidates: integer(),
  combine_by_topic: flag(true),
});

/** Searches the profile in one of the modes; only `llm` waits for a model. */
export const searchProfilesRoute: Route<Deps> = async ({ app, path, query, invocation }) => {
  const values = parsed('query', searchSchema, query);
  const { profiles, degraded } = await searchProfiles(
    {
      scope: userScope(path),
      query: values.query,
      mode: values.mode,
      topics: values.topics,
      subTopics: values.subtopics,
      maxResults: positive('max_results', values.max_results),
      minScore: values.min_score,
      embeddingCandidates: positive('embedding_candidates', values.embedding_candidates),
      combineByTopic: values.combine_by_topic,
      signal: timeLimit(invocation, app.clock()).signal,
    },
    app,
  );
  return {
    profiles: profiles.map(({ slot, score, cosine }) => ({ ...profile(slot), score, similarity: cosine })),
    degraded,
  };
};

function positive(name: string, value: number | undefined): number | undefined {
  if (value === undefined || value > 0) return value;
  throw new MemoryError('invalid_request', `${name} must be above 0; got ${value}.`);
}
