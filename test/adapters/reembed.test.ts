import { createSqliteSearch } from '../../shared/adapters/search/sqlite.ts';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { describeReembedding } from './reembed-contract.ts';

describeReembedding('SQLite', async () => {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  return {
    executor,
    dialect: sqliteDialect,
    search: (column, dimension) =>
      createSqliteSearch(executor, dimension, column === 'vector' ? 'search_vectors' : 'search_vectors_b'),
  };
});
