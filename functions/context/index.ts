import { httpHandler } from '../../shared/fc.ts';
import { log } from '../../shared/log.ts';
import { closeRuntime, openRuntime, rootToken } from '../../shared/runtime.ts';
import { createWireServer } from '../../shared/wire/server.ts';
import { getProfile, searchProfilesRoute } from './profile-search-routes.ts';
import { getBuffer, getContext, getDeadLetters, getEvents, getRecall, getUser } from './read-routes.ts';
import { searchEventsRoute, searchEventTagsRoute, searchGistsRoute } from './search-routes.ts';

const server = createWireServer(
  {
    healthcheck: async () => null,
    getUser,
    bufferCapacity: getBuffer,
    listDeadLetters: getDeadLetters,
    getProfile,
    searchProfiles: searchProfilesRoute,
    listEvents: getEvents,
    searchEvents: searchEventsRoute,
    searchGists: searchGistsRoute,
    searchEventTags: searchEventTagsRoute,
    recall: getRecall,
    getContext,
  },
  { app: openRuntime, rootToken, log },
);

/** HTTP reads: user, profile, events, context. No read waits for a model. */
export const handler = httpHandler(server);

export const initialize = async (): Promise<void> => {
  await openRuntime();
};

export const preStop = closeRuntime;
