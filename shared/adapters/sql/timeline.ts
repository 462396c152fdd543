import type { Timeline } from '../../app/ports.ts';
import type { Gist, MemoryEvent } from '../../domain/memory.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { SqlRow } from './executor.ts';
import { PAGE_ROWS, type Rows } from './rows.ts';
import { EVENTS, GISTS } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });

const GIST_COLUMNS = ['gist_id', 'event_id', 'text', 'details', 'created_ms'] as const;

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
      for (const { id, eventId, text, createdMs, ...details } of gists) {
        await rows.putIfAbsent(GISTS, {
          ...ofLife(scope),
          gist_id: id,
          event_id: eventId,
          text,
          details: JSON.stringify(details),
          vector: '',
          created_ms: createdMs,
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
        columns: GIST_COLUMNS,
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
            columns: GIST_COLUMNS,
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
        columns: GIST_COLUMNS,
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

type Details = Omit<Gist, 'id' | 'eventId' | 'text' | 'createdMs'>;

function toGist(row: SqlRow): Gist {
  return {
    id: String(row['gist_id']),
    eventId: String(row['event_id']),
    text: String(row['text']),
    createdMs: Number(row['created_ms']),
    ...(JSON.parse(String(row['details'])) as Details),
  };
}
