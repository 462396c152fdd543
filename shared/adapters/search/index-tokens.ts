import { digest } from '../../domain/ids.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';

const OWNER_CHARS = 10;
const PLAIN = /^[a-z0-9]+$/;

/**
 * The full-text index has one list of documents per token for the whole database. Each token therefore begins with
 * a short hash of the user's key, which gives every user lists of their own: a search costs what the user has
 * stored, not what all have. Two users whose hashes collide share lists, so a reader still filters by owner.
 */
export function ownerPrefix(scope: LifeScope): string {
  return digest(scope.projectId, userKey(scope)).slice(0, OWNER_CHARS);
}

/**
 * A term as the index holds it: lower-case ASCII letters and digits only, whatever script, accent or symbol the
 * term is made of, so that no tokenizer splits, folds or drops it and no query operator can appear in it.
 */
export function indexToken(prefix: string, term: string): string {
  return PLAIN.test(term) ? `${prefix}t${term}` : `${prefix}x${Buffer.from(term, 'utf8').toString('hex')}`;
}
