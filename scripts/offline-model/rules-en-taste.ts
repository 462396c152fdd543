import type { FactRule } from './grammar.ts';
import { namesInterest, tasteFact, tasteFacts } from './interests.ts';
import { capitalised } from './rules-en-life.ts';
import { factOf, type SlotName } from './topics.ts';
import { ADVERB_PATTERN, seenFromOutside } from './verbs-en.ts';

/** What a chat partner "likes" about the answer is not a taste. */
const OBJECT =
  '(?!(?:it|that|this|them|these|those|you|your|yours|him|her|how|when|what|where|the (?:idea|way|sound|answer))\\b)(.+)$';

const me = (source: string): RegExp => new RegExp(`^I ${ADVERB_PATTERN}${source}`, 'u');

/** `told` is "loves OBJECT"; the list behind the verb may hold several interests. */
const taste = (verbs: string): FactRule => ({
  pattern: me(`(?:${verbs}) ${OBJECT}`),
  facts([, object = ''], told) {
    const seen = seenFromOutside(object);
    const verb = capitalised(told.slice(0, told.length - seen.length));
    return tasteFacts('en', verb, seen);
  },
});

const reworded = (verbs: string, verb: string): FactRule => ({
  pattern: me(`(?:${verbs}) ${OBJECT}`),
  facts: ([, object = '']) => tasteFacts('en', verb, seenFromOutside(object)),
});

const whole = (slot: SlotName, pattern: RegExp): FactRule => ({
  pattern,
  facts: (_match, told) => [factOf(slot, 'en', capitalised(told))],
});

const ANYMORE = '(?:any ?more|any longer)';

const TASTES: readonly FactRule[] = [
  taste(
    'love|like|enjoy|adore|prefer|am (?:really |very |so |big |huge )*(?:into|an? (?:\\w+ )*?fan of|fond of|keen on|interested in|passionate about)',
  ),
  reworded(
    `(?:do not|don't) (?:really |particularly )?(?:like|enjoy|care for)(?!.*\\b${ANYMORE}$)|hate|dislike|detest|cannot stand|can't stand|never liked|am not (?:really )?(?:into|an? (?:\\w+ )*?fan of|fond of|keen on|interested in)`,
    'Dislikes ',
  ),
  {
    pattern: me(
      `(?:(?:do not|don't) (?:really )?(like|love|enjoy|play|watch|read) (.+?) ${ANYMORE}$|no longer (like|love|enjoy|play|watch|read) (.+)$|stopped liking (.+)$)`,
    ),
    facts([, verb, object, otherVerb = 'like', otherObject, stopped]) {
      const thing = seenFromOutside(object ?? otherObject ?? stopped ?? '');
      return [tasteFact('en', thing, `No longer ${verb ?? otherVerb}s ${thing}`)];
    },
  },
  {
    pattern: /^My (?:all-time )?favou?rite ([\w' -]+?) (?:is|are) (.+)$/u,
    facts: ([, kind = '', value = '']) => [
      tasteFact('en', `${kind} ${value}`, `Favorite ${kind}: ${seenFromOutside(value)}`),
    ],
  },
  {
    pattern: me(
      '(?:play|started playing|have been playing|started learning|am learning|am learning to play) (.+)$',
    ),
    facts: ([, object = ''], told) =>
      namesInterest(object) ? [tasteFact('en', object, capitalised(told))] : [],
  },
  {
    pattern: /^My (?:main )?hobb(?:y is|ies are) (.+)$/u,
    facts: ([, object = '']) => tasteFacts('en', 'Enjoys ', seenFromOutside(object)),
  },
];

const HABITS: readonly FactRule[] = [
  whole('health', /^I am (?:\w+ly )?allergic to /u),
  {
    pattern: /^I have an? (.+?) allergy\b/u,
    facts: ([, what = '']) => [factOf('health', 'en', `Allergic to ${what}`)],
  },
  {
    pattern:
      /^I am (?:\w+ly )?(?:an? )?(vegetarian|vegan|pescatarian|lactose[ -]intolerant|gluten[ -]free)\b/u,
    facts: ([, diet = '']) => [factOf('diet', 'en', capitalised(diet))],
  },
  {
    pattern: me("(?:do not|don't|never) (eat|drink) (.+?)(?: (?:any ?more|any longer))$"),
    facts: ([, verb = '', what = '']) => [factOf('diet', 'en', `No longer ${verb}s ${what}`)],
  },
  {
    pattern: me("(?:do not|don't) (eat|drink) (?!.*any ?more$)(.+)$"),
    facts: ([, verb = '', what = '']) => [factOf('diet', 'en', `Does not ${verb} ${seenFromOutside(what)}`)],
  },
  {
    pattern: me(
      '(?:no longer (eat|drink) (.+)|(?:stopped|quit) (eating|drinking) (.+)|gave up (.+)|have given up (.+))$',
    ),
    facts([, verb, what, doing, done, given, givenUp]) {
      const object = what ?? done ?? given ?? givenUp ?? '';
      const act = verb === undefined ? (doing?.startsWith('eat') ? 'eats' : 'has') : `${verb}s`;
      const kept = doing?.startsWith('drink') ? 'drinks' : act;
      return namesInterest(object) || verb !== undefined
        ? [factOf('diet', 'en', `No longer ${kept} ${object}`)]
        : [];
    },
  },
];

const GOALS: readonly FactRule[] = [
  whole(
    'goal',
    me(
      '(?:want to|hope to|would love to|would like to|plan to|am planning to|dream of) (?:learn|become|be an?|start|open|run an?|travel|visit|move|improve|lose|master|build|write an?)\\b',
    ),
  ),
  {
    pattern: /^My (?:goal|dream) is (?:to )?(.+)$/u,
    facts: ([, goal = '']) => [factOf('goal', 'en', capitalised(seenFromOutside(goal)))],
  },
];

/** What the user likes, avoids and aims at. */
export const ENGLISH_TASTE_RULES: readonly FactRule[] = [...TASTES, ...HABITS, ...GOALS];
