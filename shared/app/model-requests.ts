import { PROMPTS } from '../../prompts/index.ts';
import { blobText, type Line, type Message } from '../domain/blob.ts';
import { type Slot, slotLine } from '../domain/memory.ts';
import { DEFAULT_TOPICS, type Language, type Topic } from '../domain/topics.ts';

/** The two texts of one model call. `system` is the same for every call of one project, so providers can cache it. */
export interface ModelRequest {
  readonly system: string;
  readonly user: string;
}

export interface ExtractionInput {
  readonly language: Language;
  readonly slots: readonly Pick<Slot, 'topic' | 'subTopic' | 'content' | 'updatedMs'>[];
  readonly lines: readonly Line[];
  readonly topics?: readonly Topic[] | undefined;
  /** Event tags the project asks for; none by default. */
  readonly tags?: readonly string[] | undefined;
}

/** A learnt fact beside what its slot holds; `fact` is the number the answer refers to. */
export interface MergeFact {
  readonly fact: number;
  readonly topic: string;
  readonly subTopic: string;
  readonly memo: string;
  /** Content of the slot now; empty if there is none. */
  readonly current: string;
}

/** Asks for entries, facts and tags of a conversation; the answer follows `extractionSchema`. */
export function extractionRequest(input: ExtractionInput): ModelRequest {
  const { language, slots, lines, topics = DEFAULT_TOPICS[language], tags = [] } = input;
  const system = PROMPTS[language].memory_extraction
    .replace('{{topics}}', () => topics.map(topicLine).join('\n'))
    .replace('{{tags}}', () => (tags.length > 0 ? tags.join(', ') : NO_TAGS[language]));
  const known = knownLines(slots)
    .map((line) => `${line}\n`)
    .join('');
  const user = `<known_profile>
${withoutClosingTags(known)}</known_profile>
<conversation>
${withoutClosingTags(blobText(lines))}
</conversation>`;
  return { system, user };
}

/** Asks what becomes of each fact; the answer follows `mergeSchema`. */
export function mergeRequest(input: {
  readonly language: Language;
  readonly facts: readonly MergeFact[];
}): ModelRequest {
  const lines = input.facts.map(({ fact, topic, subTopic, memo, current }) =>
    // `<\/` is `</` to whoever parses the JSON, and no closing tag to whoever reads the text.
    JSON.stringify({ fact, topic, sub_topic: subTopic, memo, current }).replaceAll('</', '<\\/'),
  );
  return {
    system: PROMPTS[input.language].profile_merge,
    user: `<facts>\n${lines.map((line) => `${line}\n`).join('')}</facts>`,
  };
}

/** Asks which of the slots, numbered by their place, matter to a conversation; the answer follows `profilePickSchema`. */
export function pickRequest(input: {
  readonly language: Language;
  readonly slots: readonly Pick<Slot, 'topic' | 'subTopic' | 'content'>[];
  readonly chats: readonly Pick<Message, 'role' | 'content'>[];
}): ModelRequest {
  const slots = input.slots.map(({ topic, subTopic, content }, number) => {
    const text = oneLine(content);
    const cut = text.length > PICK_CONTENT_CHARS ? `${text.slice(0, PICK_CONTENT_CHARS)}…` : text;
    return `[${number}] ${oneLine(topic)}::${oneLine(subTopic)}: ${cut}\n`;
  });
  const chats = input.chats.map(({ role, content }) => `${role}: ${content.slice(-PICK_MESSAGE_CHARS)}\n`);
  return {
    system: PROMPTS[input.language].profile_pick,
    user: `<known_profile>
${withoutClosingTags(slots.join(''))}</known_profile>
<conversation>
${withoutClosingTags(chats.join(''))}</conversation>`,
  };
}

/** Enough of an entry to tell what it is about, and the end of a long message. */
const PICK_CONTENT_CHARS = 120;
const PICK_MESSAGE_CHARS = 2_000;

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

const NO_TAGS: Readonly<Record<Language, string>> = { en: 'none', zh: '无' };

function topicLine({ topic, subTopics }: Topic): string {
  return `- ${topic}: ${subTopics.join(', ')}`;
}

/**
 * Most characters of the known profile in an extraction request, line breaks included. The profile only helps the
 * model to recognise people and names; what it repeats anyway is caught by the merge, which sees the whole slot.
 */
const KNOWN_PROFILE_CHARS = 2_000;

/** Whole slots, the one updated last first; one that does not fit is left out and the next is tried. */
function knownLines(slots: ExtractionInput['slots']): string[] {
  const lines: string[] = [];
  let room = KNOWN_PROFILE_CHARS;
  for (const slot of slots.toSorted((a, b) => b.updatedMs - a.updatedMs)) {
    const line = oneLine(slotLine(slot));
    if (line.length + 1 > room) continue;
    room -= line.length + 1;
    lines.push(line);
  }
  return lines;
}

const CLOSING_TAG = /<(?=\s*\/\s*(?:known_profile|conversation)\s*>)/gi;

/** Data cannot end its own block: a zero-width space takes the tag apart and leaves the text readable. */
function withoutClosingTags(text: string): string {
  return text.replace(CLOSING_TAG, '<\u200b');
}
