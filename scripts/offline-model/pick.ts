import { terms } from '../../shared/domain/segment.ts';
import { blockOf } from './conversation.ts';

const MOST = 10;
const ENTRY = /^\[(\d+)\] (.*)$/;

/** The answer to `profile_pick`: entries that share words with the conversation; null where a block is missing. */
export function pickEntries(request: string): { picked: number[] } | null {
  const profile = blockOf(request, 'known_profile');
  const conversation = blockOf(request, 'conversation');
  if (profile === null || conversation === null) return null;
  const asked = new Set(terms(conversation));
  const shared = profile.split('\n').flatMap((line) => {
    const [, number, text = ''] = ENTRY.exec(line) ?? [];
    const words = [...new Set(terms(text))].filter((word) => asked.has(word)).length;
    return number === undefined || words === 0 ? [] : [{ number: Number(number), words }];
  });
  const best = shared.sort((a, b) => b.words - a.words || a.number - b.number);
  return { picked: best.slice(0, MOST).map(({ number }) => number) };
}
