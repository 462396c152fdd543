import { z } from 'zod';
import { eventHandler } from '../../shared/fc.ts';
import { closeRuntime, migrateDatabase, rootToken } from '../../shared/runtime.ts';

const eventSchema = z.object({ dryRun: z.boolean().default(false) });

/** Creates or upgrades the tables, from inside the network the database is in. Safe to invoke again. */
export const handler = eventHandler(async (event) => migrateDatabase(eventSchema.parse(event)));

/** Reads the configuration, so that a wrong one is reported before anything is changed. */
export const initialize = async (): Promise<void> => {
  await rootToken();
};

export const preStop = closeRuntime;
