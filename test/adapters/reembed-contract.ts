import { beforeEach, describe, expect, test } from 'vitest';
import type { Dialect } from '../../shared/adapters/sql/dialect.ts';
import {
  beginReembedding,
  type EmbeddingModel,
  vectorColumnFor,
} from '../../shared/adapters/sql/embedding-spaces.ts';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import type { VectorColumn } from '../../shared/adapters/sql/timeline.ts';
import { fillVectors } from '../../shared/app/fill-vectors.ts';
import type { Embedder, Search } from '../../shared/app/ports.ts';
import { reembed } from '../../shared/app/reembed.ts';
import { MemoryError } from '../../shared/domain/errors.ts';
import type { Gist } from '../../shared/domain/memory.ts';

export interface EmptyDatabase {
  readonly executor: SqlExecutor;
  readonly dialect: Dialect;
  /** The search index on one column's vectors. */
  search(column: VectorColumn, dimension: number): Promise<Search>;
}

const OLD: EmbeddingModel = { model: 'old', dimension: 2 };
const NEW: EmbeddingModel = { model: 'new', dimension: 3 };
const OTHER: EmbeddingModel = { model: 'other', dimension: 2 };

const ANN = { projectId: 'a', userId: 'ann', life: 1 };
const ANN_AGAIN = { ...ANN, life: 7 };
const BOB = { projectId: 'b', userId: 'bob', life: 1 };

const gist = (id: string): Gist => ({
  id,
  eventId: 'e1',
  text: `told ${id}`,
  kind: 'fact',
  mentionedOn: null,
  happenedFrom: null,
  happenedTo: null,
  sources: [],
  tokens: 1,
  createdMs: 5,
});

/** Remembers what it embedded; breaks off before the text named. */
function embedderOf({ dimension }: EmbeddingModel, breaksAt?: string): Embedder & { texts: string[] } {
  const texts: string[] = [];
  return {
    texts,
    async embed(batch) {
      if (breaksAt !== undefined && batch.includes(breaksAt))
        throw new MemoryError('embedding_unavailable', 'broken off');
      texts.push(...batch);
      return batch.map(() => Array.from({ length: dimension }, (_, n) => (n === 0 ? 1 : 0)));
    },
  };
}

/** A change of the embedding model, on any store. */
export function describeReembedding(name: string, open: () => Promise<EmptyDatabase>): void {
  describe(`${name} and a new embedding model`, () => {
    let database: EmptyDatabase;
    const start = async (model: EmbeddingModel) => {
      const { executor, dialect, search } = database;
      const column = await vectorColumnFor(model, executor, dialect, 0);
      const store = createSqlStore(executor, dialect, column);
      return { column, store, search: await search(column, model.dimension) };
    };
    const run = async (model: EmbeddingModel, embedder: Embedder) => {
      const { executor, dialect, search } = database;
      const begun = await beginReembedding(model, executor, dialect, () => 9);
      return reembed(begun, {
        store: createSqlStore(executor, dialect, begun.column),
        search: await search(begun.column, model.dimension),
        embedder,
      });
    };
    const found = async (model: EmbeddingModel, scope = ANN) => {
      const { search } = await start(model);
      const vector = Array.from({ length: model.dimension }, (_, n) => (n === 0 ? 1 : 0));
      const hits = await search.vectorSearch(vector, { scope, sinceMs: 0, limit: 9 });
      return hits.map(({ id }) => id).sort();
    };
    const missing = async (model: EmbeddingModel, scope = ANN) =>
      (await (await start(model)).store.timeline.withoutVector(scope, 9)).map(({ id }) => id);

    beforeEach(async () => {
      database = await open();
      const { store, search } = await start(OLD);
      for (const scope of [ANN, ANN_AGAIN, BOB]) {
        await store.timeline.putGists(scope, [gist('g1'), gist('g2')]);
        await fillVectors(scope, { store, search, embedder: embedderOf(OLD) });
      }
    });

    test('the first model is taken as it comes, and another one refused with the way out', async () => {
      expect((await start(OLD)).column).toBe('vector');
      await expect(start(NEW)).rejects.toMatchObject({
        code: 'config_invalid',
        message:
          'The database holds vectors of old (2 dimensions), and embedding_model and embedding_dim say new (3 dimensions). Set them back, or run npm run reembed with the new ones.',
      });
      await expect(start({ ...OLD, dimension: 3 })).rejects.toMatchObject({ code: 'config_invalid' });
    });

    test('every gist of every life gets a vector beside the old one, and both models can be in use', async () => {
      const embedder = embedderOf(NEW);
      expect(await run(NEW, embedder)).toEqual({ lives: 3, retired: false });
      expect(embedder.texts).toHaveLength(6);
      for (const model of [OLD, NEW]) {
        for (const scope of [ANN, ANN_AGAIN, BOB]) expect(await missing(model, scope)).toEqual([]);
        expect(await found(model)).toEqual(['g1', 'g2']);
      }
    });

    test('a run that broke off leaves reads as they were and embeds nothing twice when it goes on', async () => {
      const broken = embedderOf(NEW, 'told g3');
      const { store } = await start(OLD);
      await store.timeline.putGists(BOB, [gist('g3')]);
      await expect(run(NEW, broken)).rejects.toMatchObject({ code: 'embedding_unavailable' });
      await expect(start(NEW)).rejects.toMatchObject({ code: 'config_invalid' });
      expect(await found(OLD)).toEqual(['g1', 'g2']);
      const again = embedderOf(NEW);
      await run(NEW, again);
      expect([...broken.texts, ...again.texts]).toHaveLength(7);
      expect(await missing(NEW, BOB)).toEqual([]);
    });

    test('the second run embeds what the old functions wrote meanwhile, and retires their model', async () => {
      await run(NEW, embedderOf(NEW));
      const { store } = await start(OLD);
      await store.timeline.putGists(ANN, [gist('late')]);
      expect(await missing(NEW)).toEqual(['late']);
      const embedder = embedderOf(NEW);
      expect(await run(NEW, embedder)).toEqual({ lives: 3, retired: true });
      expect(embedder.texts).toEqual(['told late']);
      await expect(start(OLD)).rejects.toMatchObject({ code: 'config_invalid' });
    });

    test('a third model takes the place of the first, and none of its vectors', async () => {
      await run(NEW, embedderOf(NEW));
      await run(NEW, embedderOf(NEW));
      const broken = embedderOf(OTHER, 'told g1');
      await expect(run(OTHER, broken)).rejects.toMatchObject({ code: 'embedding_unavailable' });
      expect(await found(NEW)).toEqual(['g1', 'g2']);
      const embedder = embedderOf(OTHER);
      await run(OTHER, embedder);
      expect(embedder.texts).toHaveLength(6);
      expect((await start(OTHER)).column).toBe('vector');
      expect((await start(NEW)).column).toBe('vector_b');
    });
  });
}
