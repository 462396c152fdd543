import { discardDeadLetter, retryDeadLetter } from '../../shared/app/dead-letters.ts';
import type { Deps } from '../../shared/app/ports.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';

/** Puts the letter's blobs back into the buffer; a repeated request buffers nothing twice. */
export const retryLetter: Route<Deps> = async ({ app, path }) => ({
  blob_ids: await retryDeadLetter(userScope(path), path['batch_id'] ?? '', app),
});

export const discardLetter: Route<Deps> = async ({ app, path }) => {
  await discardDeadLetter(userScope(path), path['batch_id'] ?? '', app);
  return null;
};
