import type { Search, SearchDoc } from '../../shared/app/ports.ts';
import { type LifeScope, userKey } from '../../shared/domain/scope.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Scheduler } from './scheduler.ts';

/** An index in memory, for speed: one step per call. Some seeds use the SQLite one instead. */
export function createMemorySearch(scheduler: Scheduler): { search: Search; indexed: IndexedDocs } {
  const docs = new Map<string, SearchDoc & { readonly owner: string }>();
  const ownerOf = (scope: LifeScope): string => `${scope.projectId}/${userKey(scope)}`;
  const write = (label: string, act: () => void): Promise<void> =>
    scheduler.gate('write', `search ${label}`, 0, async () => act());
  const search: Search = {
    put: (scope, added) =>
      write(`put ${added.length}`, () => {
        for (const doc of added) {
          const key = `${ownerOf(scope)}/${doc.id}`;
          docs.set(key, {
            ...doc,
            vector: doc.vector ?? docs.get(key)?.vector ?? null,
            owner: ownerOf(scope),
          });
        }
      }),
    remove: (scope, ids) =>
      write('remove', () => {
        for (const id of ids) docs.delete(`${ownerOf(scope)}/${id}`);
      }),
    removeLife: (scope) =>
      write('remove life', () => {
        for (const [key, { owner }] of docs) if (owner === ownerOf(scope)) docs.delete(key);
      }),
    textSearch: async () => [],
    vectorSearch: async () => [],
    close: async () => undefined,
  };
  return {
    search,
    indexed: async () =>
      [...docs.values()].map(({ owner, id, vector }) => ({ owner, id, vector: vector !== null })),
  };
}

/** The same view of the SQLite index. */
export const indexedBySqlite =
  (database: SimulatedDatabase): IndexedDocs =>
  async () => {
    const found = await database.look(
      'SELECT project_id, user_key, id, v.doc AS vector FROM search_docs d LEFT JOIN search_vectors v ON v.doc = d.doc',
    );
    return found.map((row) => ({
      owner: `${row['project_id']}/${row['user_key']}`,
      id: String(row['id']),
      vector: row['vector'] !== null,
    }));
  };

/** What the index holds, whichever it is: `owner` is project and user key. */
export type IndexedDocs = () => Promise<readonly { owner: string; id: string; vector: boolean }[]>;
