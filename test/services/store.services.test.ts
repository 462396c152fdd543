import { afterAll, beforeAll } from 'vitest';
import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import type { Dialect } from '../../shared/adapters/sql/dialect.ts';
import type { SqlExecutor } from '../../shared/adapters/sql/executor.ts';
import { createLindormDialect } from '../../shared/adapters/sql/lindorm-dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { mysqlDialect } from '../../shared/adapters/sql/mysql-dialect.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { TABLES } from '../../shared/adapters/sql/tables.ts';
import { lindormLike } from '../adapters/lindorm-like.ts';
import { describeReembedding, type EmptyDatabase } from '../adapters/reembed-contract.ts';
import { describeStore } from '../adapters/store-contract.ts';
import { describeStoreValues } from '../adapters/store-values.ts';
import { admin, newDatabase, openExecutor } from './databases.ts';

/** One schema for all tests of a file, emptied before each: creating one takes a second. */
function emptied(open: (database: string) => Promise<SqlExecutor>): () => Promise<SqlExecutor> {
  let database = '';
  let executor: SqlExecutor;
  beforeAll(async () => {
    database = await newDatabase();
    executor = await open(database);
  });
  afterAll(() => executor.close());
  return async () => {
    for (const { name } of TABLES)
      if (name !== 'schema_versions') await admin(`DELETE FROM ${name}`, database);
    return executor;
  };
}

const onMysql = emptied(async (database) => {
  const executor = await openExecutor(database);
  await migrate(executor, mysqlDialect, 0);
  return executor;
});
const openMysqlStore = async () => createSqlStore(await onMysql(), mysqlDialect);
describeStore('MariaDB', openMysqlStore);
describeStoreValues('MariaDB', openMysqlStore);
describeReembedding('MariaDB', async () => withIndex(await onMysql(), mysqlDialect));

const lindormDialect = createLindormDialect({ eventsTtlS: 15_552_000, gistsTtlS: null });
const onLindorm = emptied(async (database) => {
  const executor = lindormLike(await openExecutor(database));
  await migrate(executor, lindormDialect, 0);
  return executor;
});
const openLindormStore = async () => createSqlStore(await onLindorm(), lindormDialect);
describeStore('MariaDB in the manner of Lindorm', openLindormStore);
describeStoreValues('MariaDB in the manner of Lindorm', openLindormStore);
describeReembedding('MariaDB in the manner of Lindorm', async () =>
  withIndex(await onLindorm(), lindormDialect),
);

/** The index stands beside the store, as it does in production. */
async function withIndex(executor: SqlExecutor, dialect: Dialect): Promise<EmptyDatabase> {
  const index = await openSqlite(':memory:');
  return {
    executor,
    dialect,
    search: (column, dimension) =>
      createSqliteSearch(index, dimension, column === 'vector' ? 'search_vectors' : 'search_vectors_b'),
  };
}
