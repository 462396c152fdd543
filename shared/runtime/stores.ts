import { setTimeout } from 'node:timers/promises';
import { beginReembedding, type EmbeddingModel, vectorColumnFor } from '../adapters/sql/embedding-spaces.ts';
import { assertMigrated, type MigrationPlan, migrate, planMigration } from '../adapters/sql/migrate.ts';
import { createRows } from '../adapters/sql/rows.ts';
import { keepsText } from '../adapters/sql/settings.ts';
import { createSqlStore } from '../adapters/sql/store.ts';
import type { VectorColumn } from '../adapters/sql/timeline.ts';
import type { Deps, Embedder } from '../app/ports.ts';
import { type ReembedReport, reembed } from '../app/reembed.ts';
import type { Config } from '../config.ts';
import { MemoryError } from '../domain/errors.ts';
import { connect } from './connections.ts';
import { openSearch, prepareSearch, type SearchSite } from './searches.ts';

const sleep = (ms: number): Promise<void> => setTimeout(ms);

/** CREATE TABLE takes Lindorm twenty seconds and more. */
const DDL_MS = 180_000;

/**
 * Opens store and search index. Throws `config_invalid` when the database has not been migrated, or holds vectors of
 * another embedding model.
 *
 * @param model the embedding model in use, or null without one
 */
export async function openStores(
  config: Config,
  model: EmbeddingModel | null,
): Promise<Pick<Deps, 'store' | 'search'>> {
  const connection = await connect(config);
  const { executor, dialect } = connection;
  try {
    if (dialect.migratesItself) await migrate(executor, dialect, Date.now());
    else await assertMigrated(executor, dialect);
    const column = model === null ? 'vector' : await vectorColumnFor(model, executor, dialect, Date.now());
    return await openOn({ config, connection, column, model });
  } catch (error) {
    await executor.close();
    throw error;
  }
}

async function openOn(site: SearchSite): Promise<Pick<Deps, 'store' | 'search'>> {
  const { connection, column, model } = site;
  const { executor, dialect } = connection;
  const space = model === null ? '' : `${model.model}/${model.dimension}`;
  const store = createSqlStore(executor, dialect, column, space);
  return { store, search: await openSearch(site, store.timeline) };
}

/**
 * Brings the configured database to this code's schema and creates the search index, or says what that would do.
 * Throws `config_invalid` when the database changes text on its way.
 */
export async function migrateStores(
  config: Config,
  model: EmbeddingModel | null,
  { dryRun }: { readonly dryRun: boolean },
): Promise<MigrationPlan> {
  const connection = await connect(config, { statementMs: DDL_MS });
  const { executor, dialect } = connection;
  const withSearch = async (plan: MigrationPlan, column: VectorColumn): Promise<MigrationPlan> => {
    const site = { config, connection, column, model };
    return { ...plan, statements: [...plan.statements, ...(await prepareSearch(site, { dryRun, sleep }))] };
  };
  try {
    if (dryRun) return await withSearch(await planMigration(executor, dialect), 'vector');
    const done = await migrate(executor, dialect, Date.now());
    if (!(await keepsText(createRows(executor, dialect), Date.now()))) {
      throw new MemoryError(
        'config_invalid',
        'The database does not give back text as it was stored. On MySQL, make the database with CHARACTER SET ' +
          'utf8mb4; on Lindorm, run npm run probe and report what it says.',
      );
    }
    const column = model === null ? 'vector' : await vectorColumnFor(model, executor, dialect, Date.now());
    return await withSearch(done, column);
  } finally {
    await executor.close();
  }
}

/** Gives every gist a vector of the configured model, beside those it has. */
export async function reembedStores(
  config: Config,
  model: EmbeddingModel,
  embedder: Embedder,
): Promise<ReembedReport> {
  const connection = await connect(config);
  const { executor, dialect } = connection;
  try {
    if (dialect.migratesItself) await migrate(executor, dialect, Date.now());
    else await assertMigrated(executor, dialect);
    const run = await beginReembedding(model, executor, dialect, Date.now);
    const site = { config, connection, column: run.column, model, filling: true };
    await prepareSearch(site, { dryRun: false, furtherModel: true, sleep });
    const { store, search } = await openOn(site);
    try {
      return await reembed(run, { store, search, embedder });
    } finally {
      await search.close();
    }
  } finally {
    await executor.close();
  }
}
