/** One sentence without its closing mark. */
export interface Sentence {
  readonly text: string;
  readonly asked: boolean;
}

const ABBREVIATION = /(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|vs|etc|e\.g|i\.e|[a-z])\.$/i;
const CODE_BLOCK = /```[\s\S]*?(?:```|$)/g;

/** Splits at sentence marks and line breaks; a point inside a number, an initial or "Dr." splits nothing. */
export function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  for (const line of text.replace(CODE_BLOCK, '\n').split('\n')) {
    let rest = '';
    for (const piece of line.split(
      /(?<=[。！？!?；;…]+["”’」』)）]?)(?![。！？!?；;…"”’」』)）])|(?<=\.["”’)]?) +/,
    )) {
      rest += piece;
      if (ABBREVIATION.test(rest)) {
        rest += ' ';
        continue;
      }
      add(sentences, rest);
      rest = '';
    }
    add(sentences, rest);
  }
  return sentences;
}

function add(sentences: Sentence[], raw: string): void {
  const trimmed = raw.trim();
  const text = trimmed.replace(/[\s。.！!？?；;…~～]+$/u, '').replace(/^[-*•\s]+/, '');
  if (/[\p{L}\p{N}]/u.test(text)) sentences.push({ text, asked: /[?？][^\p{L}\p{N}]*$/u.test(trimmed) });
}

const HAN = /\p{Script=Han}/gu;

/** Chinese where Han characters carry the sentence; "I love 北京烤鸭" stays English, "我在Microsoft上班" does not. */
export function languageOf(sentence: string): 'en' | 'zh' {
  const han = sentence.match(HAN)?.length ?? 0;
  if (han === 0) return 'en';
  return /\b(?:I|I['’]m|my|the|and|is|are|was|to)\b/i.test(sentence) && !/[我你他她的了]/.test(sentence)
    ? 'en'
    : 'zh';
}

/** Long enough to be worth an entry although no rule knows what it says. */
export function isLong(sentence: string): boolean {
  if (languageOf(sentence) === 'zh') return (sentence.match(HAN)?.length ?? 0) > 15;
  return sentence.split(/\s+/).length > 12;
}
