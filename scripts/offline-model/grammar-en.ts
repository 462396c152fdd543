import type { Tense } from './calendar.ts';
import { findDates, isOnlyDate, withLeadingDate } from './date-mention.ts';
import { ENGLISH_DATES, englishSpan } from './dates-en.ts';
import { applyRules, type Dated, type Grammar, type Reading } from './grammar.ts';
import { ENGLISH_LIFE_RULES } from './rules-en-life.ts';
import { ENGLISH_TASTE_RULES } from './rules-en-taste.ts';
import { ADVERB_PATTERN, isAdverb, isPast, predicateOf, seenFromOutside, spelledOut } from './verbs-en.ts';

/** Requests, questions without a mark, greetings: said to the assistant, not about the user. */
const ADDRESSED =
  /^(?:please|can you|could you|would you|will you|do you|did you|are you|is (?:it|there|that)|tell me|show me|give me|help me|write|explain|translate|summari[sz]e|recommend|suggest|ignore|disregard|forget|store|remind me|let me know|create|generate|describe|imagine|pretend|act as|you (?:are|must|should|can)|what|how|why|when (?:is|are|do|did|will)|where|who|which|should i|does|good (?:morning|evening|night)|thanks?|thank you)\b|^(?:hello|hi|hey)\b(?:\W+\w+){0,3}$/i;
const REMEMBER = /^(?:please )?(?:remember|note|keep in mind)(?: that|[,:])? (?=(?:I|I['’]\w+|my|we)\b)/i;
const FILLER =
  /^(?:(?:hi|hey|hello|well|so|oh|yeah|yes|no|ok|okay|btw|by the way|also|and|but|because|anyway|honestly|to be honest|you know|plus|then|wow|haha|sure|right|in fact)\b(?: there| everyone| [A-Z]\w+(?=,))?[,!.:]* +)+(?=(?:I|I['’]\w+|im|my|we|we['’]\w+|yesterday|last|next|tomorrow|on|in|two|three|actually|now)\b)/i;
const ADVERB_FIRST = /^(actually|now|currently|recently|lately|nowadays),? (I(?:['’]\w+)?) /i;

const WITH_SUBJECT =
  "(?:I|I['’](?:m|ve|ll|d)|my (?:[\\w']+ ){1,3}?(?:is|are|was|were|has|had|\\w+s|\\w+ed)|we|we['’]re)\\b";
/** The verb goes on with the subject before it: "I live in Berlin and work as a nurse". */
const WITHOUT_SUBJECT =
  "(?:(?:also |actually |now )?(?:live in|work (?:as|at|for|in)|love|like|enjoy|hate|don['’]t like|moved to|am (?:an?|from|allergic|\\d)|come from|have (?:a|an|two|three)|was born|play (?:the )?\\w+))\\b";
const SEPARATOR = new RegExp(
  `(?=(?:, (?:and |but |so )?|(?<!,) and |(?<!,) but |; )${WITH_SUBJECT}|(?<!,),? (?:and|but) ${WITHOUT_SUBJECT})`,
  'i',
);
const LEADING_SEPARATOR = /^(?:[,;] *|and |but |so | )+/i;

const FUTURE =
  /\b(?:will|going to|gonna|plan(?:s|ning)? to|want to|hop(?:e|ing) to|intend|would (?:like|love) to)\b|['’](?:ll|d (?:like|love) to)\b|\b(?:am|['’]m|are|['’]re) (?!going\b)\w+ing\b/i;
const TIMELESS = /\b(?:born|birthday|anniversary)\b/i;
const PLAN = new RegExp(
  `^(?:I|We) ${ADVERB_PATTERN}(?:will|(?:am|are) (?:going to|gonna|planning|hoping to|about to|thinking (?:of|about))|gonna|plan to|intend to|want to|would (?:like|love) to|hope to)\\b`,
);

/** Words before a date that stay, and which end of the span they leave open. */
const OPEN_END: Readonly<Record<string, 'from' | 'to' | undefined>> = {
  since: 'to',
  from: 'to',
  until: 'from',
  till: 'from',
  by: 'from',
  to: 'from',
};

function dated(clause: string, day: string, tense: Tense): Dated {
  const mentions = findDates(clause, ENGLISH_DATES, { day, tense });
  const [first] = mentions;
  let text = '';
  let end = 0;
  let moved = '';
  const spans = mentions.map(({ span, start, end: next }) => {
    const before = clause.slice(end, start);
    const kept = /\b(since|from|until|till|by|to|for|of) (?:the )?$/i.exec(before)?.[1]?.toLowerCase();
    const named = englishSpan(span, kept !== undefined);
    const leads = start === first?.start && /^(?:(?:on|in|at|during|over) )?$/i.test(before);
    const about = /^,? (?:I|my|we)\b/i.test(clause.slice(next));
    if (leads && about) moved = ` ${named}`;
    else text += before.replace(/(?:^|(?<= ))(?:on|in|at|during|over) (?:the )?$/i, '') + named;
    end = next;
    const open = kept === undefined ? undefined : OPEN_END[kept];
    return open === undefined ? span : { ...span, [open]: null };
  });
  const rest = clause.slice(end);
  return { text: (moved !== '' && text === '' ? rest.replace(/^[, ]+/, '') : text + rest) + moved, spans };
}

/** A part that only says when belongs to what follows: "Yesterday, I ...". */
function isDate(part: string): boolean {
  return isOnlyDate(part.replace(/^(?:on|in|at|during|over) /i, ''), ENGLISH_DATES);
}

/** The clause without its subject: "I love my job" is "loves their job". */
function told(clause: string): string {
  const subject = /^(?:I|We|My) /.exec(clause)?.[0] ?? '';
  return subject === 'I ' ? predicateOf(clause.slice(2)) : seenFromOutside(clause.slice(subject.length));
}

function read(raw: string): Reading {
  const clause = spelledOut(raw);
  const facts = applyRules([...ENGLISH_LIFE_RULES, ...ENGLISH_TASTE_RULES], clause, told(clause));
  if (PLAN.test(clause)) return { kind: 'plan', facts, telling: clause.split(' ').length > 4 };
  const past = hasPastVerb(clause);
  return { kind: past ? 'event' : 'fact', facts, telling: past && clause.split(' ').length > 3 };
}

function hasPastVerb(clause: string): boolean {
  const words = /^(?:I|We) (.+)/.exec(clause)?.[1]?.toLowerCase().split(' ') ?? [];
  const verb = words.find((word) => !isAdverb(word));
  return verb !== undefined && isPast(verb);
}

/** Third person singular for "I", possessive for "my"; "we" and everything else is quoted. */
function retold(raw: string, name: string | null): string {
  const clause = spelledOut(raw);
  const subject = name ?? 'User';
  if (clause.startsWith('I ')) return `${subject} ${told(clause)}.`;
  if (clause.startsWith('My ')) return `${subject}'s ${told(clause)}.`;
  return `${subject}: ${clause}.`;
}

export const ENGLISH: Grammar = {
  isAddressed: (sentence) => ADDRESSED.test(sentence.replace(FILLER, '').replace(REMEMBER, '')),
  plainly: (sentence) =>
    sentence
      .replace(FILLER, '')
      .replace(REMEMBER, '')
      .replace(ADVERB_FIRST, (_all, adverb, subject) => `${subject} ${adverb.toLowerCase()} `),
  split: (sentence) => withLeadingDate(sentence.split(SEPARATOR), isDate),
  alone(part, isFirst) {
    const text = part.replace(isFirst ? '' : LEADING_SEPARATOR, '');
    return isFirst || /^(?:I|I['’]\w+|my|we|we['’]\w+)\b/i.test(text) ? text : `I ${text}`;
  },
  tenseOf(clause) {
    if (TIMELESS.test(clause)) return null;
    if (FUTURE.test(clause)) return 'future';
    return clause
      .toLowerCase()
      .split(/[^a-z]+/)
      .some(isPast)
      ? 'past'
      : null;
  },
  dated,
  read,
  retold,
};
