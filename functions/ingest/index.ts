import { httpHandler } from '../../shared/fc.ts';
import { log } from '../../shared/log.ts';
import { closeRuntime, openRuntime, rootToken } from '../../shared/runtime.ts';
import { createWireServer } from '../../shared/wire/server.ts';
import { flush, insertBlob } from './buffer-routes.ts';
import { discardLetter, retryLetter } from './dead-letter-routes.ts';
import { createUserRoute, deleteUserRoute, updateUserRoute } from './user-routes.ts';

const server = createWireServer(
  {
    createUser: createUserRoute,
    updateUser: updateUserRoute,
    deleteUser: deleteUserRoute,
    insertBlob,
    flushBuffer: flush,
    retryDeadLetter: retryLetter,
    discardDeadLetter: discardLetter,
  },
  { app: openRuntime, rootToken, log },
);

/** HTTP writes: users, blobs, flush. */
export const handler = httpHandler(server);

export const initialize = async (): Promise<void> => {
  await openRuntime();
};

export const preStop = closeRuntime;
