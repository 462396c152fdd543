import type { StepCost } from '../domain/commit.ts';
import { toMemoryError } from '../domain/errors.ts';
import { type MergeDecision, mergeSchema } from '../domain/extraction.ts';
import type { Collision } from '../domain/merge.ts';
import { mergeRequest } from './model-requests.ts';
import type { Deps } from './ports.ts';

type MergeDeps = Pick<Deps, 'llm' | 'settings' | 'log'>;

export interface Decided {
  readonly decisions: ReadonlyMap<number, MergeDecision>;
  readonly costs: readonly StepCost[];
}

/**
 * Asks the model what to do with each colliding fact. The facts are numbered, and every number has to come back:
 * what is missing is asked for once more, alone; what is missing then has no decision (and will be appended).
 * Throws only where the model cannot be reached at all.
 */
export async function decideMerges(
  collisions: readonly Collision[],
  signal: AbortSignal | undefined,
  deps: MergeDeps,
): Promise<Decided> {
  const decisions = new Map<number, MergeDecision>();
  const costs: StepCost[] = [];
  let open = collisions.map((_, index) => index);
  for (let round = 0; round < 2 && open.length > 0; round += 1) {
    const asked = open;
    const answer = await ask(asked, collisions, signal, deps);
    if (answer === null) continue;
    costs.push(answer.cost);
    for (const decision of answer.value.decisions) {
      if (asked.includes(decision.fact)) decisions.set(decision.fact, decision);
    }
    open = asked.filter((index) => !decisions.has(index));
  }
  if (open.length > 0)
    deps.log('warn', 'merge_decisions_missing', { asked: collisions.length, missing: open.length });
  return { decisions, costs };
}

async function ask(
  numbers: readonly number[],
  collisions: readonly Collision[],
  signal: AbortSignal | undefined,
  { llm, settings, log }: MergeDeps,
) {
  const facts = numbers.flatMap((fact) => {
    const collision = collisions[fact];
    if (collision === undefined) return [];
    const { topic, sub_topic, memo } = collision.fact;
    return [{ fact, topic, subTopic: sub_topic, memo, current: collision.slot.content }];
  });
  try {
    const request = mergeRequest({ language: settings.language, facts });
    return await llm.complete({ step: 'profile_merge', ...request, schema: mergeSchema, signal });
  } catch (error) {
    const { healing, code, message } = toMemoryError(error);
    if (healing !== 'content') throw error;
    log('warn', 'merge_answer_unusable', { code, message });
    return null;
  }
}
