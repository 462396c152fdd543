/** One user of one project, named as the caller names them. */
export interface Scope {
  readonly projectId: string;
  readonly userId: string;
}

/**
 * One life of a user, from creation to deletion: the key under which the user's rows live.
 * A deleted and re-created user starts a new life, so a worker that slept through the deletion can only write
 * into the old life, which is swept again, and never into the new one.
 */
export interface LifeScope extends Scope {
  /** Version of the commit that created this life; the first is 1. */
  readonly life: number;
}

export const DEFAULT_PROJECT = 'default';

/**
 * The value of the `user_key` column: the user id itself for the first life, `<id>~<life>` for later ones.
 * No id that the HTTP interface accepts holds a `~`.
 */
export function userKey(scope: LifeScope): string {
  return scope.life === 1 ? scope.userId : `${scope.userId}~${scope.life}`;
}
