import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each room may import: other rooms (by path prefix) and packages. Anything not listed is refused. */
const ROOMS: Readonly<Record<string, { rooms: readonly string[]; packages: readonly string[] }>> = {
  'shared/domain': { rooms: [], packages: ['zod', 'stemmer', 'node:crypto'] },
  'shared/app': { rooms: ['shared/domain', 'prompts'], packages: ['zod'] },
  'shared/adapters/sql': {
    rooms: ['shared/app/ports', 'shared/domain'],
    packages: ['libsql', 'mysql2', 'node:fs', 'node:path', 'node:timers/promises'],
  },
  'shared/adapters/search': {
    rooms: ['shared/app/ports', 'shared/domain', 'shared/adapters/sql/executor'],
    packages: ['@opensearch-project/opensearch'],
  },
  'shared/adapters/llm': { rooms: ['shared/app/ports', 'shared/domain'], packages: ['openai', 'zod'] },
  'shared/adapters/embeddings': {
    rooms: ['shared/app/ports', 'shared/domain', 'shared/adapters/llm'],
    packages: ['openai'],
  },
  'shared/adapters/rerank': {
    rooms: ['shared/app/ports', 'shared/domain', 'shared/adapters/llm'],
    packages: [],
  },
  'shared/adapters/tokenizer': { rooms: ['shared/app/ports', 'shared/domain'], packages: ['tiktoken'] },
  'shared/adapters/invoker': { rooms: ['shared/app/ports', 'shared/domain'], packages: [] },
  'shared/config': { rooms: ['shared/domain'], packages: ['zod', 'yaml', 'node:fs'] },
  'shared/fc': { rooms: ['shared/domain'], packages: [] },
  'shared/log': { rooms: ['shared/app/ports'], packages: [] },
  'shared/wire': {
    rooms: ['shared/app', 'shared/domain', 'shared/fc'],
    packages: ['hono', 'zod', 'node:crypto'],
  },
  'shared/runtime': {
    rooms: ['shared/config', 'shared/log', 'shared/adapters', 'shared/app', 'shared/domain'],
    packages: ['node:crypto', 'node:fs', 'node:timers/promises'],
  },
  functions: {
    rooms: ['shared/fc', 'shared/runtime', 'shared/log', 'shared/wire', 'shared/app', 'shared/domain'],
    packages: ['zod'],
  },
  'scripts/offline-model': {
    rooms: ['shared/domain'],
    packages: ['zod', 'node:http', 'node:util', 'node:crypto', 'node:net', 'node:url'],
  },
  prompts: { rooms: [], packages: [] },
};

const root = join(import.meta.dirname, '..');
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function roomOf(file: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => isWithin(file, room))
    .sort((a, b) => b.length - a.length)[0];
}

const isWithin = (file: string, prefix: string): boolean =>
  file === prefix || file.startsWith(`${prefix}/`) || file === `${prefix}.ts`;

/** What is wrong with one import, or null. */
function violation(file: string, target: string): string | null {
  const room = roomOf(file);
  const rule = room === undefined ? undefined : ROOMS[room];
  if (room === undefined || rule === undefined) return `${file} lies in no room`;
  if (!target.startsWith('.')) {
    const name = target.startsWith('node:')
      ? target
      : target
          .split('/')
          .slice(0, target.startsWith('@') ? 2 : 1)
          .join('/');
    return rule.packages.includes(name) ? null : `${file} may not use the package ${name}`;
  }
  const path = relative(root, join(root, dirname(file), target));
  if (room === 'functions') {
    const own = file.split('/').slice(0, 2).join('/');
    if (isWithin(path, own)) return null;
  } else if (isWithin(path, room)) return null;
  return rule.rooms.some((allowed) => isWithin(path, allowed)) ? null : `${file} may not import ${path}`;
}

const files = ['functions', 'shared', 'prompts', 'scripts/offline-model'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name)),
);

describe('the rooms', () => {
  test('import only what their rule allows', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(
      files.flatMap((file) => importsOf(file).flatMap((target) => violation(file, target) ?? [])),
    ).toEqual([]);
  });

  test('are guarded: forbidden directions and packages are reported', () => {
    expect(violation('shared/domain/x.ts', '../app/ports.ts')).toBe(
      'shared/domain/x.ts may not import shared/app/ports.ts',
    );
    expect(violation('shared/app/x.ts', 'libsql')).toBe('shared/app/x.ts may not use the package libsql');
    expect(violation('functions/ingest/x.ts', '../context/index.ts')).toBe(
      'functions/ingest/x.ts may not import functions/context/index.ts',
    );
    expect(violation('functions/ingest/x.ts', '../../shared/adapters/sql/store.ts')).toBe(
      'functions/ingest/x.ts may not import shared/adapters/sql/store.ts',
    );
    expect(violation('shared/adapters/llm/x.ts', '../sql/store.ts')).toBe(
      'shared/adapters/llm/x.ts may not import shared/adapters/sql/store.ts',
    );
  });

  test('have no runtime import cycle', () => {
    const graph = new Map(
      files.map((file) => {
        const source = readFileSync(join(root, file), 'utf8').replace(/import type [^;]+;/g, '');
        const targets = [...source.matchAll(IMPORT)]
          .map((match) => match[1] ?? match[3] ?? '')
          .filter((target) => target.startsWith('.'))
          .map((target) => relative(root, join(root, dirname(file), target)));
        return [file, targets];
      }),
    );
    expect(cycleIn(graph)).toEqual([]);
  });
});

function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
