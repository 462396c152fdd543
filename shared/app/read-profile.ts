import type { Slot } from '../domain/memory.ts';
import { type ProfileRules, selectProfile } from '../domain/profile-selection.ts';
import type { Scope } from '../domain/scope.ts';
import type { Deps } from './ports.ts';

/** The slots the rules select; none for an unknown user. One row is read. */
export async function readProfile(
  scope: Scope,
  rules: ProfileRules,
  { store }: Pick<Deps, 'store'>,
): Promise<readonly Slot[]> {
  const commit = await store.commits.latest(scope);
  return commit === null ? [] : selectProfile(commit.snapshot.slots, rules);
}
