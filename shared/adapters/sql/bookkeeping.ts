import type { DeadLetterState, DeadLetters, Projects, Usage } from '../../app/ports.ts';
import type { DeadLetter } from '../../domain/commit.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import type { Rows } from './rows.ts';
import { DEAD_LETTERS, PROJECTS, USAGE } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });

export function createUsage(rows: Rows): Usage {
  return {
    async put(projectId, receipt) {
      await rows.putIfAbsent(USAGE, {
        project_id: projectId,
        hour: receipt.hour,
        batch_id: receipt.batchId,
        receipt: JSON.stringify(receipt),
      });
    },
  };
}

export function createDeadLetters(rows: Rows): DeadLetters {
  return {
    async put(scope, letter) {
      await rows.putIfAbsent(DEAD_LETTERS, {
        ...ofLife(scope),
        batch_id: letter.batchId,
        letter: JSON.stringify(letter),
        state: 'open',
        created_ms: letter.createdMs,
      });
    },
    async list(scope) {
      const letters: (DeadLetter & { state: DeadLetterState })[] = [];
      const pages = rows.pages(DEAD_LETTERS, {
        columns: ['letter', 'state'],
        where: ofLife(scope),
        last: 'batch_id',
      });
      for await (const page of pages) {
        for (const row of page) {
          const letter = JSON.parse(String(row['letter'])) as DeadLetter;
          letters.push({ ...letter, state: String(row['state']) as DeadLetterState });
        }
      }
      return letters.sort((a, b) => a.createdMs - b.createdMs);
    },
    async close(scope, batchId, state) {
      await rows.update(DEAD_LETTERS, { ...ofLife(scope), batch_id: batchId }, { state });
    },
  };
}

export function createProjects(rows: Rows): Projects {
  return {
    async pause(projectId, pause) {
      await rows.upsert(PROJECTS, {
        project_id: projectId,
        pause_reason: pause?.reason ?? '',
        pause_until_ms: pause?.untilMs ?? 0,
      });
    },
    async paused(projectId) {
      const [row] = await rows.select(PROJECTS, {
        columns: ['pause_reason', 'pause_until_ms'],
        where: { project_id: projectId },
        limit: 1,
      });
      if (row === undefined || row['pause_reason'] === '') return null;
      return { reason: String(row['pause_reason']), untilMs: Number(row['pause_until_ms']) };
    },
  };
}
