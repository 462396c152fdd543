import type { Deps } from '../../shared/app/ports.ts';
import { filterEvents, searchEvents, searchGists } from '../../shared/app/search-events.ts';
import { searchParameters, tagParameters } from '../../shared/wire/read-parameters.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';
import { event, eventGist } from '../../shared/wire/shapes.ts';

export const searchEventsRoute: Route<Deps> = async ({ app, path, query }) => {
  const found = await searchEvents({ scope: userScope(path), ...searchParameters(query) }, app);
  return { events: found.map(({ item, similarity }) => event(item, similarity)), gists: [] };
};

/** One client reads `gists`, two others read `events`: both lists hold the same gists. */
export const searchGistsRoute: Route<Deps> = async ({ app, path, query }) => {
  const found = await searchGists({ scope: userScope(path), ...searchParameters(query) }, app);
  const gists = found.map(({ item, similarity }) => eventGist(item, similarity));
  return { gists, events: gists };
};

export const searchEventTagsRoute: Route<Deps> = async ({ app, path, query }) => {
  const found = await filterEvents({ scope: userScope(path), ...tagParameters(query) }, app);
  return { events: found.map((item) => event(item)), gists: [] };
};
