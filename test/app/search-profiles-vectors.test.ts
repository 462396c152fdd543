import { expect, test } from 'vitest';
import type { Deps } from '../../shared/app/ports.ts';
import { searchProfiles } from '../../shared/app/search-profiles.ts';
import { settleMemory } from '../../shared/app/settle-memory.ts';
import { fillSlotVectors } from '../../shared/app/slot-vectors.ts';
import { createUser, deleteUser } from '../../shared/app/users.ts';
import { shardOf } from '../../shared/domain/buffer.ts';
import { ANN, rowCount } from './fixture.ts';
import { openProfileBench, PROFILE, type ProfileBench, slot } from './search-profiles-fixture.ts';

const bySimilarity = (deps: Deps, query = 'songs') =>
  searchProfiles({ scope: ANN, query, mode: 'embedding' }, deps);

/** What the timer does with a reminder of unfinished memory. */
async function settle({ bench, deps }: ProfileBench): Promise<string> {
  const shard = shardOf(ANN.projectId, ANN.userId, deps.settings.shards);
  const reminder = { ...ANN, shard, dueMs: bench.nowMs, kind: 'memory' as const, token: '' };
  return settleMemory(reminder, deps);
}

test('a slot is embedded once; a later search reads its vector', async () => {
  const { bench, deps, embedder } = await openProfileBench();
  const first = await bySimilarity(deps);
  expect(embedder.texts).toEqual([
    'songs',
    'interest, music: Likes jazz',
    'interest, hobby: Plays the guitar',
    'work, company: Works at Birch Ltd',
    'contact info, city: Lives in Porto',
  ]);
  expect(await bySimilarity(deps)).toEqual(first);
  expect(embedder.texts).toHaveLength(5);
  expect(await rowCount(bench, 'slot_vectors')).toBe(4);
});

test('a changed slot is embedded anew, one that moved to another id is not', async () => {
  const { deps, embedder, save } = await openProfileBench();
  await bySimilarity(deps);
  embedder.texts.length = 0;
  await save([
    slot('other', 'interest', 'music', 'Likes jazz'),
    slot('job', 'work', 'company', 'Left Birch'),
  ]);
  const { profiles } = await bySimilarity(deps);
  expect(profiles.map(({ slot: { id } }) => id)).toEqual(['other']);
  expect(embedder.texts).toEqual(['work, company: Left Birch']);
});

test('two slots of the same text share a vector', async () => {
  const { bench, deps, save } = await openProfileBench();
  await save([slot('a', 'interest', 'music', 'Likes jazz'), slot('b', 'interest', 'music', 'Likes jazz')]);
  expect((await bySimilarity(deps)).profiles.map(({ slot: { id } }) => id)).toEqual(['a', 'b']);
  expect(await rowCount(bench, 'slot_vectors')).toBe(1);
});

test('vectors of another model are not compared with those of this one', async () => {
  const { bench, deps, embedder } = await openProfileBench();
  await bySimilarity(deps);
  embedder.texts.length = 0;
  const slotVectors = { ...deps.store.slotVectors, space: 'other-model/2' };
  await bySimilarity({ ...deps, store: { ...deps.store, slotVectors } });
  expect(embedder.texts).toHaveLength(4);
  expect(await rowCount(bench, 'slot_vectors')).toBe(8);
});

test('with some slots embedded and the service away, those are found and the answer says so', async () => {
  const { deps, embedder, save } = await openProfileBench();
  await bySimilarity(deps);
  await save([...PROFILE, slot('new', 'interest', 'music', 'Sings songs')]);
  embedder.down = true;
  const { profiles, degraded } = await bySimilarity(deps);
  expect(profiles.map(({ slot: { id } }) => id)).toEqual(['jazz', 'guitar']);
  expect(degraded).toEqual(['embedding: the service is away']);
});

test('the timer embeds what an outage left out, and comes again while it lasts', async () => {
  const rig = await openProfileBench();
  rig.embedder.down = true;
  expect(await settle(rig)).toBe('unfinished');
  expect(rig.bench.logged).toContain('vectors_missing');
  expect(await rowCount(rig.bench, 'slot_vectors')).toBe(0);
  rig.embedder.down = false;
  expect(await settle(rig)).toBe('settled');
  expect(await rowCount(rig.bench, 'slot_vectors')).toBe(4);
});

test('where profiles are not embedded, nothing is read or stored', async () => {
  const rig = await openProfileBench({ slotEmbedder: null });
  rig.bench.statements.reads.length = 0;
  expect(await settle(rig)).toBe('settled');
  expect(rig.bench.statements.reads.filter((sql) => sql.includes('slot_vectors'))).toEqual([]);
});

test('deleting a user removes the slot vectors, and a new life has its own', async () => {
  const { bench, deps, embedder, save } = await openProfileBench();
  await bySimilarity(deps);
  await deleteUser(ANN, deps);
  expect(await rowCount(bench, 'slot_vectors')).toBe(0);
  await createUser(ANN, null, deps);
  await save(PROFILE.slice(0, 1));
  embedder.texts.length = 0;
  await bySimilarity(deps);
  expect(embedder.texts).toEqual(['interest, music: Likes jazz']);
});

test('vectors that no kept version uses are removed at every twentieth version', async () => {
  const { bench, deps, save } = await openProfileBench();
  await bySimilarity(deps);
  const fill = async () => {
    const commit = await deps.store.commits.latest(ANN);
    if (commit !== null) await fillSlotVectors({ ...ANN, life: 1 }, commit, deps);
    return [commit?.version, await rowCount(bench, 'slot_vectors')];
  };
  // Versions 3 and 4 drop one slot each; version 20 still has 2 to 19 beside it.
  await save(PROFILE.slice(0, 3));
  await save(PROFILE.slice(0, 2));
  for (let version = 5; version <= 20; version += 1) await save(PROFILE.slice(0, 2));
  expect(await fill()).toEqual([20, 4]);
  for (let version = 21; version <= 39; version += 1) await save(PROFILE.slice(0, 2));
  expect(await fill()).toEqual([39, 4]);
  await save(PROFILE.slice(0, 2));
  expect(await fill()).toEqual([40, 2]);
});
