import { z } from 'zod';
import { DEFAULT_PROJECT, type Scope } from '../domain/scope.ts';
import { parsed, uuidSchema } from './validation.ts';

const userPathSchema = z.object({ user_id: uuidSchema });

/** The user a path names. */
export function userScope(path: Readonly<Record<string, string>>): Scope {
  return { projectId: DEFAULT_PROJECT, userId: parsed('path', userPathSchema, path).user_id };
}
