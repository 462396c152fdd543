import { z } from 'zod';
import { BUFFER_STATES, bufferIds } from '../../shared/app/buffer-ids.ts';
import { listDeadLetters } from '../../shared/app/dead-letters.ts';
import { listEvents } from '../../shared/app/list-events.ts';
import type { Deps } from '../../shared/app/ports.ts';
import { readContext } from '../../shared/app/read-context.ts';
import { recall } from '../../shared/app/recall.ts';
import { livingMemory } from '../../shared/app/users.ts';
import { BLOB_TYPES, isStorable } from '../../shared/domain/blob.ts';
import { contextParameters, eventParameters, recallParameters } from '../../shared/wire/read-parameters.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';
import { deadLetter, event, userData } from '../../shared/wire/shapes.ts';
import { parsed } from '../../shared/wire/validation.ts';

export const getUser: Route<Deps> = async ({ app, path }) =>
  userData(await livingMemory(userScope(path), app));

export const getEvents: Route<Deps> = async ({ app, path, query }) => {
  const events = await listEvents({ scope: userScope(path), ...eventParameters(query) }, app);
  return { events: events.map((item) => event(item)), gists: [] };
};

const bufferPathSchema = z.object({ buffer_type: z.enum(BLOB_TYPES) });
const bufferQuerySchema = z.object({ status: z.enum(BUFFER_STATES).default('processing') });

export const getBuffer: Route<Deps> = async ({ app, path, query }) => {
  const scope = userScope(path);
  const { buffer_type: type } = parsed('path', bufferPathSchema, path);
  const { status } = parsed('query', bufferQuerySchema, query);
  return { ids: isStorable(type) ? await bufferIds(scope, type, status, app) : [] };
};

export const getContext: Route<Deps> = async ({ app, path, query }) => {
  const { context } = await readContext({ scope: userScope(path), ...contextParameters(query) }, app);
  return { context };
};

export const getRecall: Route<Deps> = ({ app, path, query }) =>
  recall({ scope: userScope(path), ...recallParameters(query) }, app);

export const getDeadLetters: Route<Deps> = async ({ app, path }) => {
  const letters = await listDeadLetters(userScope(path), app);
  return { dead_letters: letters.map(deadLetter) };
};
