import type { Extraction } from '../../shared/domain/extraction.ts';
import type { Span, Tense } from './calendar.ts';
import type { Fact } from './topics.ts';

export type Entry = Extraction['entries'][number];

/** What the rules understand of one clause. */
export interface Reading {
  readonly kind: Entry['kind'];
  readonly facts: readonly Fact[];
  /** Whether the clause says something about the user's life even without a fact or a date. */
  readonly telling: boolean;
}

/** A clause with its dates made absolute. */
export interface Dated {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** What the extraction needs to know about a language. */
export interface Grammar {
  /** A request or question to the assistant, or a greeting: nothing about the user. */
  isAddressed(sentence: string): boolean;
  /** "Remember that I ..." is the statement alone; fillers at the start go. */
  plainly(sentence: string): string;
  /** Where a sentence might hold several statements; joined, the parts are the sentence again. */
  split(sentence: string): string[];
  /** The part of a sentence as a statement of its own: separators gone, a dropped subject put back. */
  alone(part: string, isFirst: boolean): string;
  tenseOf(clause: string): Tense;
  dated(clause: string, day: string, tense: Tense): Dated;
  read(clause: string): Reading;
  /** The clause in the third person where it is about the user, else quoted with who said it. */
  retold(clause: string, name: string | null): string;
}

/** One pattern and what a match of it tells. `told` is the clause in the third person without its subject. */
export interface FactRule {
  readonly pattern: RegExp;
  facts(match: RegExpExecArray, told: string): readonly Fact[];
}

/** The facts of every rule that matches. */
export function applyRules(rules: readonly FactRule[], clause: string, told: string): Fact[] {
  return rules.flatMap((rule) => {
    const match = rule.pattern.exec(clause);
    return match === null ? [] : rule.facts(match, told);
  });
}
