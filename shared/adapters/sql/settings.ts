import type { Rows } from './rows.ts';
import { SETTINGS } from './tables.ts';

/** What was noted under the name, or null. */
export async function readSetting(rows: Rows, name: string): Promise<unknown> {
  const [row] = await rows.select(SETTINGS, { columns: ['value'], where: { name }, limit: 1 });
  return row === undefined ? null : (JSON.parse(String(row['value'])) as unknown);
}

export async function writeSetting(rows: Rows, name: string, value: unknown, nowMs: number): Promise<void> {
  await rows.upsert(SETTINGS, { name, value: JSON.stringify(value), changed_ms: nowMs });
}

/** Notes the value unless there is one already. */
export async function putSetting(rows: Rows, name: string, value: unknown, nowMs: number): Promise<void> {
  await rows.putIfAbsent(SETTINGS, { name, value: JSON.stringify(value), changed_ms: nowMs });
}

/** What a database has to give back as it was: quotes, backslashes, line ends, four-byte characters, NUL. */
const AWKWARD = "a\\b 'c' \"d\" `e` %_? \n\r\t 甲😀 \u0000 \\' \\";

/** Whether text survives the way into the database and back, whatever stands in it. */
export async function keepsText(rows: Rows, nowMs: number): Promise<boolean> {
  const name = 'round_trip';
  await rows.upsert(SETTINGS, { name, value: AWKWARD, changed_ms: nowMs });
  const [row] = await rows.select(SETTINGS, { columns: ['value'], where: { name }, limit: 1 });
  await rows.remove(SETTINGS, { name });
  return row?.['value'] === AWKWARD;
}
