import type { Migration } from '../migrate.ts';
import { GISTS, SETTINGS } from '../tables.ts';

/** Room for the vectors of a second embedding model, and a note which model each column belongs to. */
export const migration0002: Migration = {
  version: 2,
  tables: [SETTINGS],
  columns: [{ table: GISTS, column: 'vector_b' }],
};
