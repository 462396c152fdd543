import { describe, expect, test } from 'vitest';
import { createScanSearch } from '../../shared/adapters/search/scan.ts';
import { sqliteDialect } from '../../shared/adapters/sql/dialect.ts';
import { migrate } from '../../shared/adapters/sql/migrate.ts';
import { createRows } from '../../shared/adapters/sql/rows.ts';
import { openSqlite } from '../../shared/adapters/sql/sqlite.ts';
import { createSqlStore } from '../../shared/adapters/sql/store.ts';
import { GISTS } from '../../shared/adapters/sql/tables.ts';
import type { Search } from '../../shared/app/ports.ts';
import type { Gist } from '../../shared/domain/memory.ts';
import { type LifeScope, userKey } from '../../shared/domain/scope.ts';
import { searchContract } from './search-contract.ts';

async function openStore() {
  const executor = await openSqlite(':memory:');
  await migrate(executor, sqliteDialect, 0);
  return { executor, store: createSqlStore(executor, sqliteDialect) };
}

function gist(id: string, text: string, createdMs: number): Gist {
  const days = { mentionedOn: null, happenedFrom: null, happenedTo: null };
  return { id, eventId: 'e', text, kind: 'event', ...days, sources: [], tokens: 1, createdMs };
}

/** The scan has no writing of its own: documents are written to the store it reads, over what stood there. */
async function scanWithWrites(): Promise<{ search: Search; close: () => Promise<void> }> {
  const { executor, store } = await openStore();
  const scan = createScanSearch(store.timeline, 3);
  const rows = createRows(executor, sqliteDialect);
  const key = (scope: LifeScope, id: string) => ({
    project_id: scope.projectId,
    user_key: userKey(scope),
    gist_id: id,
  });
  const search: Search = {
    ...scan,
    async put(scope, docs) {
      await scan.put(scope, docs);
      for (const { id, text, createdMs, vector } of docs) {
        await store.timeline.putGists(scope, [gist(id, text, createdMs)]);
        await rows.update(GISTS, key(scope, id), { text });
        if (vector !== null) await store.timeline.setVectors(scope, [{ id, vector }]);
      }
    },
    async remove(scope, ids) {
      for (const id of ids) await rows.remove(GISTS, key(scope, id));
    },
    removeLife: (scope) => store.purgeLife(scope),
  };
  return { search, close: () => store.close() };
}

searchContract('A scan of the store', scanWithWrites);

describe('a scan of the store', () => {
  test('looks at the newest two thousand gists', async () => {
    const { store } = await openStore();
    const ann = { projectId: 'shop', userId: 'ann', life: 1 };
    const id = (n: number) => `g${String(n).padStart(4, '0')}`;
    const gists = Array.from({ length: 2_010 }, (_, n) => gist(id(n), `guitar number${n}`, n));
    await store.timeline.putGists(ann, gists);
    await store.timeline.setVectors(ann, [
      { id: id(9), vector: [1, 0, 0] },
      { id: id(10), vector: [1, 0, 0] },
    ]);
    const scan = createScanSearch(store.timeline, 3);
    const within = { scope: ann, sinceMs: 0, limit: 5 };
    expect([await scan.textSearch('number9', within), await scan.vectorSearch([1, 0, 0], within)]).toEqual([
      [],
      [{ id: 'g0010', score: 1 }],
    ]);
    await store.close();
  });
});
