import type { FactRule } from './grammar.ts';
import { namesInterest, tasteFact, tasteFacts } from './interests.ts';
import { capitalised, noteOf } from './rules-en-life.ts';
import { factOf, type SlotName } from './topics.ts';
import { ADVERB_PATTERN, seenFromOutside, thirdPerson } from './verbs-en.ts';

/** What a chat partner "likes" about the answer is not a taste. */
const OBJECT =
  '(?!(?:it|that|this|them|these|those|you|your|yours|him|her|how|when|what|where|the (?:idea|way|sound|answer))\\b)(.+)$';

const me = (source: string): RegExp => new RegExp(`^I ${ADVERB_PATTERN}${source}`, 'u');

/** `told` is "loves OBJECT"; the list behind the verb may hold several interests. */
const taste = (verbs: string): FactRule => ({
  pattern: me(`(?:${verbs}) ${OBJECT}`),
  facts([, object = ''], told) {
    const seen = seenFromOutside(object);
    const verb = noteOf(told.slice(0, told.length - seen.length));
    return tasteFacts('en', verb, seen);
  },
});

const reworded = (verbs: string, verb: string): FactRule => ({
  pattern: me(`(?:${verbs}) ${OBJECT}`),
  facts: ([, object = '']) => tasteFacts('en', verb, seenFromOutside(object)),
});

const whole = (slot: SlotName, pattern: RegExp): FactRule => ({
  pattern,
  facts: (_match, told) => [factOf(slot, 'en', noteOf(told))],
});

const ANYMORE = '(?:any ?more|any longer)';

const TASTES: readonly FactRule[] = [
  taste(
    '(?:no longer )?(?:love|like|enjoy|adore|prefer)|am (?:really |very |so |big |huge )*(?:into|an? (?:\\w+ )*?fan of|fond of|keen on|interested in|passionate about)',
  ),
  reworded(
    `(?:do not|don't) (?:really |particularly )?(?:like|enjoy|care for)(?!.*\\b${ANYMORE}$)|hate|dislike|detest|cannot stand|can't stand|never liked|am not (?:really )?(?:into|an? (?:\\w+ )*?fan of|fond of|keen on|interested in)`,
    'Dislikes ',
  ),
  {
    pattern: me(
      `(?:(?:do not|don't) (?:really )?(like|love|enjoy|play|watch|read) (.+?) ${ANYMORE}$|stopped liking (.+)$)`,
    ),
    facts([, verb = 'like', object, stopped]) {
      const thing = seenFromOutside(object ?? stopped ?? '');
      return [tasteFact('en', thing, `No longer ${thirdPerson(verb)} ${thing}`)];
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
      '(?:(?:(?:no longer |can )?play|started playing|have been playing)|(?:started|am|have been) (learning|studying)) (.+)$',
    ),
    facts: ([, learnt, object = ''], told) =>
      learnt !== undefined || namesInterest(object) ? [tasteFact('en', object, noteOf(told))] : [],
  },
  {
    pattern: /^My (?:main )?hobb(?:y is|ies are) (.+)$/u,
    facts: ([, object = '']) => tasteFacts('en', 'Enjoys ', seenFromOutside(object)),
  },
];

const GIVEN_UP = /\b(?:smoking|drinking|alcohol|sugar|dairy|gluten|caffeine)\b/;

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
    pattern: me("(?:do not|don't) (eat|drink) (.+?)(?: (?:any ?more|any longer))$"),
    facts: ([, verb = '', what = '']) => [factOf('diet', 'en', `No longer ${verb}s ${what}`)],
  },
  {
    pattern: me("(?:do not|don't) (eat|drink) (?!.*any ?more$)(.+)$"),
    facts: ([, verb = '', what = '']) => [factOf('diet', 'en', `Does not ${verb} ${seenFromOutside(what)}`)],
  },
  whole('diet', me('(?:no longer (?:eat|drink)|(?:stopped|quit) (?:eating|drinking)) .+$')),
  {
    pattern: me(`(?:gave|have given) up (.+)$`),
    facts: ([, object = ''], told) =>
      GIVEN_UP.test(object) || namesInterest(object)
        ? [factOf(object.includes('smoking') ? 'health' : 'diet', 'en', noteOf(told))]
        : [],
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
