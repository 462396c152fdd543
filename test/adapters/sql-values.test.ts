import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { describeStoreValues } from './store-values.ts';

describeStoreValues('SQLite', async () => {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  return createSqlStore(executor, sqliteDialect);
});
