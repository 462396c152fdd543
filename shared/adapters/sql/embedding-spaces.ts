import { MemoryError } from '../../domain/errors.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { Dialect } from './dialect.ts';
import type { SqlExecutor } from './executor.ts';
import { createRows, type Rows } from './rows.ts';
import { putSetting, readSetting, writeSetting } from './settings.ts';
import { strictGate } from './strict-gate.ts';
import { GISTS, TABLES } from './tables.ts';
import type { VectorColumn } from './timeline.ts';

/** Vectors can be compared with each other only if one model made them. */
export interface EmbeddingModel {
  readonly model: string;
  readonly dimension: number;
}

/** `clearing`: vectors of an earlier model are taken away; `filling`: not all gists have one; `ready`: in use. */
type SpaceState = 'clearing' | 'filling' | 'ready';
type Space = EmbeddingModel & { readonly state: SpaceState };

/** Which model's vectors each column holds. */
interface Spaces {
  /** The column filled last; the other one is free for the next model. */
  readonly current: VectorColumn;
  readonly vector: Space | null;
  readonly vector_b: Space | null;
}

const SETTING = 'embedding_spaces';
const COLUMNS = ['vector', 'vector_b'] as const satisfies readonly VectorColumn[];

const gatedRows = (executor: SqlExecutor, dialect: Dialect): Rows =>
  createRows(strictGate(executor, TABLES), dialect);
const other = (column: VectorColumn): VectorColumn => (column === 'vector' ? 'vector_b' : 'vector');
const same = (space: Space | null, wanted: EmbeddingModel): boolean =>
  space !== null && space.model === wanted.model && space.dimension === wanted.dimension;
const named = ({ model, dimension }: EmbeddingModel): string => `${model} (${dimension} dimensions)`;

async function readSpaces(rows: Rows): Promise<Spaces | null> {
  return (await readSetting(rows, SETTING)) as Spaces | null;
}

const columnOf = (spaces: Spaces, wanted: EmbeddingModel): VectorColumn | undefined =>
  COLUMNS.find((column) => same(spaces[column], wanted));

/**
 * The column with the vectors of the model; the first model ever seen gets one. Throws `config_invalid` when the
 * database holds another model's vectors.
 */
export async function vectorColumnFor(
  wanted: EmbeddingModel,
  executor: SqlExecutor,
  dialect: Dialect,
  nowMs: number,
): Promise<VectorColumn> {
  const rows = gatedRows(executor, dialect);
  let spaces = await readSpaces(rows);
  if (spaces === null) {
    const first: Spaces = { current: 'vector', vector: { ...wanted, state: 'ready' }, vector_b: null };
    await putSetting(rows, SETTING, first, nowMs);
    spaces = (await readSpaces(rows)) ?? first;
  }
  const column = columnOf(spaces, wanted);
  if (column !== undefined && spaces[column]?.state === 'ready') return column;
  const stored = spaces[spaces.current];
  throw new MemoryError(
    'config_invalid',
    `The database holds vectors of ${stored === null ? 'another model' : named(stored)}, and embedding_model and ` +
      `embedding_dim say ${named(wanted)}. Set them back, or run npm run reembed with the new ones.`,
  );
}

/** One run of re-embedding, on the column it fills. Runs can be broken off and begun again. */
export interface Reembedding {
  readonly column: VectorColumn;
  /** What comes first. `top-up`: all is there, except what functions with the former model wrote since. */
  readonly begins: 'clear' | 'fill' | 'top-up';
  /** Lives that have gists, one after the other. */
  lives(): AsyncIterable<LifeScope>;
  clear(scope: LifeScope): Promise<void>;
  cleared(): Promise<void>;
  /** From here on functions with the new model start, and those with the former one still do. */
  filled(): Promise<void>;
  /** From here on functions with the former model do not start. */
  retireFormer(): Promise<void>;
}

/** Begins to embed everything with the model, or goes on where an earlier run for it ended. */
export async function beginReembedding(
  wanted: EmbeddingModel,
  executor: SqlExecutor,
  dialect: Dialect,
  clock: () => number,
): Promise<Reembedding> {
  const rows = gatedRows(executor, dialect);
  const spaces = (await readSpaces(rows)) ?? { current: 'vector_b', vector: null, vector_b: null };
  const column = columnOf(spaces, wanted) ?? other(spaces.current);
  const state = same(spaces[column], wanted) ? spaces[column]?.state : undefined;
  const note = async (change: (spaces: Spaces) => Spaces): Promise<void> => {
    await writeSetting(rows, SETTING, change((await readSpaces(rows)) ?? spaces), clock());
  };
  const enter = (next: SpaceState) =>
    note((now) => ({
      ...now,
      ...(next === 'ready' ? { current: column } : {}),
      [column]: { ...wanted, state: next },
    }));
  if (state === undefined) await enter('clearing');
  return {
    column,
    begins: state === 'ready' ? 'top-up' : state === 'filling' ? 'fill' : 'clear',
    lives: () => livesWithGists(executor, rows),
    clear: (scope) => clearColumn(scope, column, rows),
    cleared: () => enter('filling'),
    filled: () => enter('ready'),
    retireFormer: () => note((now) => ({ ...now, [other(column)]: null })),
  };
}

async function clearColumn(scope: LifeScope, column: VectorColumn, rows: Rows): Promise<void> {
  const life = { project_id: scope.projectId, user_key: userKey(scope) };
  for await (const page of rows.pages(GISTS, { columns: [], where: life, last: 'gist_id' })) {
    for (const { gist_id: id } of page) {
      await rows.update(GISTS, { ...life, gist_id: String(id) }, { [column]: '' });
    }
  }
}

/**
 * Jumps from key to key; past the gate, because nothing pins the first key column. Lindorm wants to be told that
 * this is meant; to the others the hint is a comment.
 */
async function* livesWithGists(executor: SqlExecutor, rows: Rows): AsyncIterable<LifeScope> {
  for (let projectId = ''; ; ) {
    const [project] = await executor.query(
      `SELECT /*+ _l_allow_filtering_ */ project_id FROM ${GISTS.name} WHERE project_id > ? ORDER BY project_id LIMIT 1`,
      [projectId],
    );
    if (project === undefined) return;
    projectId = String(project['project_id']);
    for (let key = ''; ; ) {
      const [user] = await rows.select(GISTS, {
        columns: ['user_key'],
        where: { project_id: projectId },
        above: { user_key: key },
        orderBy: ['user_key'],
        limit: 1,
      });
      if (user === undefined) break;
      key = String(user['user_key']);
      const [userId = '', life = '1'] = key.split('~');
      yield { projectId, userId, life: Number(life) };
    }
  }
}
