import { type Extraction, extractionSchema } from '../../shared/domain/extraction.ts';
import { blockOf, parseConversation, type Utterance } from './conversation.ts';
import { happening } from './date-mention.ts';
import type { Entry, Grammar, Reading } from './grammar.ts';
import { ENGLISH } from './grammar-en.ts';
import { CHINESE } from './grammar-zh.ts';
import { isLong, languageOf, type Sentence, sentencesOf } from './sentences.ts';
import { type Fact, joinFacts } from './topics.ts';

interface Statement {
  readonly entry: Entry;
  readonly facts: readonly Fact[];
}

/** The answer to `memory_extraction`; null where the text holds no `<conversation>` block. */
export function extractMemory(request: string): Extraction | null {
  const conversation = blockOf(request, 'conversation');
  if (conversation === null) return null;
  const statements = parseConversation(conversation).flatMap(statementsOf);
  const entries = new Map(statements.map(({ entry }) => [JSON.stringify(entry), entry]));
  return extractionSchema.parse({
    entries: [...entries.values()],
    facts: joinFacts(statements.flatMap((statement) => statement.facts)),
    tags: [],
  });
}

function statementsOf(utterance: Utterance): Statement[] {
  if (utterance.role === 'assistant') return [];
  const sentences = sentencesOf(utterance.text);
  if (utterance.role === 'other') return sentences.flatMap((sentence) => heard(sentence, utterance));
  return sentences.flatMap((sentence) => stated(sentence, utterance));
}

const grammarOf = (sentence: string): Grammar => (languageOf(sentence) === 'zh' ? CHINESE : ENGLISH);

/** A transcript's speaker or a document: kept for the timeline, but nobody knows whether it is about the user. */
function heard({ text, asked }: Sentence, { name, day }: Utterance): Statement[] {
  if (asked || !isLong(text)) return [];
  const spoken = name === null ? text : `${name}: ${text}`;
  const entry: Entry = {
    text: spoken,
    kind: 'fact',
    mentioned_on: day,
    happened_from: null,
    happened_to: null,
  };
  return [{ entry, facts: [] }];
}

function stated(sentence: Sentence, { name, day }: Utterance): Statement[] {
  const grammar = grammarOf(sentence.text);
  if (sentence.asked || grammar.isAddressed(sentence.text)) return [];
  const clauses = clausesOf(grammar.plainly(sentence.text), grammar, day);
  const understood = clauses.filter(isHit);
  if (understood.length === 0) {
    return isLong(sentence.text) ? [{ entry: entryOf(clauses, grammar, name, day), facts: [] }] : [];
  }
  return gathered(clauses).map((group) => ({
    entry: entryOf(group, grammar, name, day),
    facts: group.flatMap((clause) => clause.reading.facts),
  }));
}

interface Clause {
  /** As a statement of its own, dates absolute. */
  readonly alone: string;
  /** As part of its sentence, dates absolute, separator in front. */
  readonly part: string;
  readonly reading: Reading;
  readonly from: string | null;
  readonly to: string | null;
  readonly dated: boolean;
}

function clausesOf(sentence: string, grammar: Grammar, day: string | null): Clause[] {
  return grammar.split(sentence).map((part, index) => {
    const alone = grammar.alone(part, index === 0);
    const tense = grammar.tenseOf(alone);
    const resolved = day === null ? { text: alone, spans: [] } : grammar.dated(alone, day, tense);
    const inPlace = day === null || index === 0 ? part : grammar.dated(part, day, tense).text;
    const { from, to } = happening(resolved.spans);
    return {
      alone: resolved.text,
      part: inPlace,
      reading: grammar.read(resolved.text),
      from,
      to,
      dated: resolved.spans.length > 0,
    };
  });
}

function isHit({ reading, dated }: Clause): boolean {
  return reading.facts.length > 0 || reading.telling || dated;
}

/** Every understood clause begins a group; what is not understood stays with the clause before it. */
function gathered(clauses: readonly Clause[]): Clause[][] {
  const groups: Clause[][] = [];
  for (const clause of clauses) {
    const last = groups.at(-1);
    if (last === undefined || (isHit(clause) && last.some(isHit))) groups.push([clause]);
    else last.push(clause);
  }
  return groups;
}

function entryOf(group: readonly Clause[], grammar: Grammar, name: string | null, day: string | null): Entry {
  const [first, ...others] = group;
  const told = (first?.alone ?? '') + others.map((clause) => clause.part).join('');
  const main = group.find(isHit);
  const { from, to } = main ?? { from: null, to: null };
  return {
    text: grammar.retold(told, name),
    kind: kindOf(main, day),
    mentioned_on: day,
    happened_from: from,
    happened_to: to,
  };
}

/** A date after the day of the mention makes a plan, one up to it an event. */
function kindOf(clause: Clause | undefined, day: string | null): Entry['kind'] {
  if (clause === undefined) return 'fact';
  const { from, to, reading } = clause;
  if (day !== null && from !== null && from > day) return 'plan';
  if (reading.kind !== 'fact') return reading.kind;
  return day !== null && from !== null && to !== null && to <= day ? 'event' : 'fact';
}
