import { z } from 'zod';
import type { Deps } from '../../shared/app/ports.ts';
import { createUser, deleteUser, updateUser } from '../../shared/app/users.ts';
import { DEFAULT_PROJECT } from '../../shared/domain/scope.ts';
import { userScope } from '../../shared/wire/scope.ts';
import type { Route } from '../../shared/wire/server.ts';
import { jsonBody, parsed, uuidSchema } from '../../shared/wire/validation.ts';

const newUserSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  id: uuidSchema.nullish(),
});

export const createUserRoute: Route<Deps> = async ({ app, request }) => {
  const body = parsed('body', newUserSchema, await jsonBody(request));
  const id = body.id ?? app.randomId();
  await createUser({ projectId: DEFAULT_PROJECT, userId: id }, body.data ?? null, app);
  return { id };
};

/** The body is stored as it comes; clients differ in whether they wrap it. */
export const updateUserRoute: Route<Deps> = async ({ app, request, path }) => {
  const scope = userScope(path);
  const data = parsed('body', z.record(z.string(), z.unknown()), await jsonBody(request));
  await updateUser(scope, data, app);
  return { id: scope.userId };
};

export const deleteUserRoute: Route<Deps> = async ({ app, path }) => {
  await deleteUser(userScope(path), app);
  return null;
};
