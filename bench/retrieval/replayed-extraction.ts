import type { Conversation } from './conversation.ts';

/** A fact, and the turn whose presence in a prompt brings it about. */
interface ReplayedFact {
  readonly text: string;
  readonly day: string;
  readonly needle: string;
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The facts of the conversations, each tied to its last evidence turn (without one: to its session's last turn). */
function replayedFacts(conversations: readonly Conversation[]): ReplayedFact[] {
  return conversations.flatMap(({ sessions }) =>
    sessions.flatMap(({ turns, facts, date_time }) => {
      const texts = new Map(turns.map(({ dia_id, text }) => [dia_id, flat(text)]));
      const last = flat(turns.at(-1)?.text ?? '');
      return facts.map(({ text, evidence }) => ({
        text,
        day: date_time.slice(0, 10),
        needle: evidence.flatMap((id) => texts.get(id) ?? []).at(-1) ?? last,
      }));
    }),
  );
}

const OTHER_ANSWERS: Readonly<Record<string, unknown>> = {
  profile_merge: { decisions: [] },
  profile_pick: { indexes: [] },
};

/**
 * Plays the language model of a perfect extraction: asked for `memory_extraction`, it answers every fact whose turn
 * stands in the prompt; asked for anything else, something empty that is valid.
 */
export function createReplayedExtraction(
  conversations: readonly Conversation[],
): (schema: string, prompt: string) => unknown {
  const facts = replayedFacts(conversations);
  return (schema, prompt) => {
    if (schema !== 'memory_extraction') return OTHER_ANSWERS[schema] ?? {};
    const text = flat(prompt);
    const entries = facts
      .filter(({ needle }) => text.includes(needle))
      .map((fact) => ({
        text: fact.text,
        kind: 'event',
        mentioned_on: fact.day,
        happened_from: null,
        happened_to: null,
      }));
    return { entries, facts: [], tags: [] };
  };
}
