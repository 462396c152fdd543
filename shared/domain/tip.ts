import type { Extraction } from './extraction.ts';

const WORDS = {
  en: { mentioned: 'mentioned', happened: 'happened', between: '; ' },
  zh: { mentioned: '提及', happened: '发生', between: '；' },
} as const;

/** The text of an event: one `- ` line per entry, its days in brackets behind it. */
export function eventTip(entries: Extraction['entries'], language: 'en' | 'zh'): string {
  const words = WORDS[language];
  return entries
    .map(({ text, mentioned_on, happened_from }) => {
      const days = [
        mentioned_on === null ? '' : `${words.mentioned} ${mentioned_on}`,
        happened_from === null ? '' : `${words.happened} ${happened_from}`,
      ].filter((day) => day !== '');
      return days.length === 0 ? `- ${text}` : `- ${text} [${days.join(words.between)}]`;
    })
    .join('\n');
}
