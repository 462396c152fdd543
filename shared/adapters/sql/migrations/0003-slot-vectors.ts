import type { Migration } from '../migrate.ts';
import { SLOT_VECTORS } from '../tables.ts';

/** Vectors of profile slots. */
export const migration0003: Migration = { version: 3, tables: [SLOT_VECTORS], columns: [] };
