import type { Timeline } from '../../app/ports.ts';
import type { Gist, MemoryEvent } from '../../domain/memory.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { SqlRow } from './executor.ts';
import { PAGE_ROWS, type Rows } from './rows.ts';
import { EVENTS, GISTS } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });

/** Ids are time-ordered, so the newest rows are the last of a life's key range. */
export function createTimeline(rows: Rows): Timeline {
  return {
    async putEvent(scope, event) {
      await rows.putIfAbsent(EVENTS, {
        ...ofLife(scope),
        event_id: event.id,
        event: JSON.stringify(event),
        created_ms: event.createdMs,
      });
    },
    async putGists(scope, gists) {
      for (const gist of gists) {
        await rows.putIfAbsent(GISTS, {
          ...ofLife(scope),
          gist_id: gist.id,
          event_id: gist.eventId,
          gist: JSON.stringify(gist),
          vector: '',
          created_ms: gist.createdMs,
        });
      }
    },
    async setVectors(scope, vectors) {
      for (const { id, vector } of vectors) {
        await rows.update(GISTS, { ...ofLife(scope), gist_id: id }, { vector: JSON.stringify(vector) });
      }
    },
    async withoutVector(scope, limit) {
      const found = await rows.select(GISTS, {
        columns: ['gist'],
        where: { ...ofLife(scope), vector: '' },
        orderBy: ['gist_id'],
        limit,
      });
      return found.map(toGist);
    },
    async gistsById(scope, ids) {
      const found: SqlRow[] = [];
      for (let at = 0; at < ids.length; at += PAGE_ROWS) {
        const page = ids.slice(at, at + PAGE_ROWS);
        found.push(
          ...(await rows.select(GISTS, {
            columns: ['gist'],
            where: ofLife(scope),
            in: { column: 'gist_id', values: page },
            limit: page.length,
          })),
        );
      }
      return found.map(toGist);
    },
    async newestGists(scope, sinceMs, limit) {
      const found = await rows.select(GISTS, {
        columns: ['gist'],
        where: ofLife(scope),
        atLeast: { created_ms: sinceMs },
        orderBy: ['gist_id'],
        descending: true,
        limit,
      });
      return found.map(toGist);
    },
    async newestEvents(scope, sinceMs, limit) {
      const found = await rows.select(EVENTS, {
        columns: ['event'],
        where: ofLife(scope),
        atLeast: { created_ms: sinceMs },
        orderBy: ['event_id'],
        descending: true,
        limit,
      });
      return found.map((row) => JSON.parse(String(row['event'])) as MemoryEvent);
    },
  };
}

const toGist = (row: SqlRow): Gist => JSON.parse(String(row['gist'])) as Gist;
