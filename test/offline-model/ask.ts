import { extractMemory } from '../../scripts/offline-model/extract.ts';
import type { Extraction } from '../../shared/domain/extraction.ts';

/** What the offline model extracts when these lines were the conversation. */
export function extracted(...lines: string[]): Extraction {
  const request = `<known_profile>\n</known_profile>\n<conversation>\n${lines.join('\n')}\n</conversation>`;
  const answer = extractMemory(request);
  if (answer === null) throw new Error('the request was not understood');
  return answer;
}

/** Facts as `topic/sub_topic: memo`. */
export function factsIn(...lines: string[]): string[] {
  return extracted(...lines).facts.map((fact) => `${fact.topic}/${fact.sub_topic}: ${fact.memo}`);
}

/** Entries as `kind from..to text`. */
export function entriesIn(...lines: string[]): string[] {
  return extracted(...lines).entries.map(
    (entry) => `${entry.kind} ${entry.happened_from ?? ''}..${entry.happened_to ?? ''} ${entry.text}`,
  );
}
