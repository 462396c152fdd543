import type { GistVector, Timeline } from '../../app/ports.ts';
import type { Gist, MemoryEvent } from '../../domain/memory.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { SqlRow } from './executor.ts';
import { PAGE_ROWS, type Rows } from './rows.ts';
import { EVENTS, GISTS } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });

const GIST_COLUMNS = ['gist_id', 'event_id', 'text', 'details', 'created_ms'] as const;

/** A vector is some 20 KB of text, and a database returns 16 MB at once. */
const VECTOR_PAGE_ROWS = 200;

/** Where gists keep their vectors: one column per embedding model, so that a second can be filled beside the first. */
export type VectorColumn = 'vector' | 'vector_b';

/**
 * Ids are time-ordered, so the newest rows are the last of a life's key range.
 *
 * @param vectorColumn that of the embedding model in use
 */
export function createTimeline(rows: Rows, vectorColumn: VectorColumn): Timeline {
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
          // SQLite's driver ends a text where it reads a NUL.
          text: text.replaceAll('\u0000', '\ufffd'),
          details: JSON.stringify(details),
          vector: '',
          vector_b: '',
          created_ms: createdMs,
        });
      }
    },
    async setVectors(scope, vectors) {
      for (const { id, vector } of vectors) {
        await rows.update(
          GISTS,
          { ...ofLife(scope), gist_id: id },
          { [vectorColumn]: JSON.stringify(vector) },
        );
      }
    },
    async withoutVector(scope, limit) {
      const found = await rows.select(GISTS, {
        columns: GIST_COLUMNS,
        where: { ...ofLife(scope), [vectorColumn]: '' },
        orderBy: ['gist_id'],
        limit,
      });
      return found.flatMap(toGist);
    },
    async vectorsById(scope, ids) {
      const found: SqlRow[] = [];
      for (let at = 0; at < ids.length; at += VECTOR_PAGE_ROWS) {
        const page = ids.slice(at, at + VECTOR_PAGE_ROWS);
        found.push(
          ...(await rows.select(GISTS, {
            columns: ['gist_id', vectorColumn],
            where: ofLife(scope),
            in: { column: 'gist_id', values: page },
            limit: page.length,
          })),
        );
      }
      return found.flatMap((row) => toVector(row, vectorColumn));
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
      return found.flatMap(toGist);
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
      return found.flatMap(toGist);
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
      return found.flatMap(toEvent);
    },
    async *eventPages(scope) {
      let below: string | undefined;
      for (;;) {
        const page = await rows.select(EVENTS, {
          columns: ['event_id', 'event'],
          where: ofLife(scope),
          ...(below === undefined ? {} : { below: { event_id: below } }),
          orderBy: ['event_id'],
          descending: true,
          limit: PAGE_ROWS,
        });
        yield page.flatMap(toEvent);
        if (page.length < PAGE_ROWS) return;
        below = String(page.at(-1)?.['event_id']);
      }
    },
    async eventsById(scope, ids) {
      if (ids.length === 0) return [];
      const found = await rows.select(EVENTS, {
        columns: ['event'],
        where: ofLife(scope),
        in: { column: 'event_id', values: ids },
        limit: ids.length,
      });
      return found.flatMap(toEvent);
    },
  };
}

function toVector(row: SqlRow, column: VectorColumn): GistVector[] {
  const vector = row[column];
  if (vector === null || vector === undefined || vector === '') return [];
  return [{ id: String(row['gist_id']), vector: JSON.parse(String(vector)) as number[] }];
}

const toEvent = ({ event }: SqlRow): MemoryEvent[] =>
  event === null || event === undefined ? [] : [JSON.parse(String(event)) as MemoryEvent];

type Details = Omit<Gist, 'id' | 'eventId' | 'text' | 'createdMs'>;

/**
 * A store that drops values by age drops them one by one: of a gist that got its vector late, the vector stays a
 * while when the text is gone. That is no gist any more.
 */
function toGist(row: SqlRow): Gist[] {
  if (row['text'] === null || row['details'] === null) return [];
  const gist: Gist = {
    id: String(row['gist_id']),
    eventId: String(row['event_id']),
    text: String(row['text']),
    createdMs: Number(row['created_ms']),
    ...(JSON.parse(String(row['details'])) as Details),
  };
  return [gist];
}
