import type { FactRule } from './grammar.ts';
import { ENGLISH_COUNT, englishCount } from './numbers.ts';
import { type Fact, factOf, type SlotName } from './topics.ts';
import { ADVERB_PATTERN } from './verbs-en.ts';

const NATIONALITY =
  'American|Argentinian|Australian|Austrian|Belgian|Brazilian|British|Canadian|Chinese|Colombian|Czech|Danish|Dutch|Egyptian|English|Finnish|French|German|Greek|Hungarian|Indian|Indonesian|Iranian|Irish|Israeli|Italian|Japanese|Kenyan|Korean|Malaysian|Mexican|Nigerian|Norwegian|Pakistani|Peruvian|Polish|Portuguese|Romanian|Russian|Scottish|Singaporean|Spanish|Swedish|Swiss|Taiwanese|Thai|Turkish|Ukrainian|Vietnamese|Welsh';
const NOT_A_NAME = `${NATIONALITY}|Christian|Muslim|Jewish|Buddhist|Hindu|Catholic|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|I|We|He|She|They|Fine|Good|Happy|Sorry|Sure|Ok|Okay|Back|Here`;
const NAME = `(?!(?:${NOT_A_NAME})\\b)\\p{Lu}[\\p{Ll}][\\p{L}'-]*`;
const FULL_NAME = `${NAME}(?: \\p{Lu}[\\p{L}.'-]*){0,2}`;

const OCCUPATION =
  '(?:\\w+ist|\\w+eer|teacher|nurse|doctor|designer|manager|lawyer|student|writer|author|musician|chef|cook|programmer|developer|consultant|accountant|architect|photographer|professor|researcher|pilot|driver|farmer|electrician|plumber|mechanic|waiter|waitress|officer|firefighter|counsell?or|veterinarian|vet|translator|editor|director|producer|actor|actress|dancer|singer|entrepreneur|founder|freelancer|intern|salesperson|librarian|worker|carpenter|baker|coach|trainer|paramedic|surgeon|physician|technician|assistant|secretary|banker|broker|trader|tutor|lecturer|analyst|postdoc|cashier|barista)';

const PLACE_END =
  '(?= (?:with|for|since|because|and|but|near|when|where|which|so|now|these|at|as|right|after|before|from|to|this|on|in|between|last|next|yesterday|originally|any ?more|any longer)\\b|[,(]|$)';
const PLACE = `(?!(?:an?|my|this|his|her|our|their|another|one)\\b|the (?![Nn]etherlands|(?:US|USA|UK|us|usa|uk)\\b|[Uu]nited|[Pp]hilippines|[Bb]ay [Aa]rea))(.+?)${PLACE_END}`;
const TITLE_END = '(?= (?:at|for|in|with|and|since|on|who|from|now|but|because)\\b|[,(]|$)';
const COMPANY = "(\\p{Lu}[\\p{L}\\p{N}.&'-]*(?: \\p{Lu}[\\p{L}\\p{N}.&'-]*)*)";

const me = (source: string, flags = 'u'): RegExp => new RegExp(`^I ${ADVERB_PATTERN}${source}`, flags);
const one = (slot: SlotName, pattern: RegExp, memo = (value: string): string => value): FactRule => ({
  pattern,
  facts: (match) => [factOf(slot, 'en', memo(match[1] ?? ''))],
});
/** The whole statement, "Moved to Berlin on 2024-04-29", rather than a value in it. */
const whole = (slot: SlotName, pattern: RegExp): FactRule => ({
  pattern,
  facts: (_match, told) => [factOf(slot, 'en', noteOf(told))],
});

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What is told of the user as a note: "is a big fan of jazz" is "Big fan of jazz". */
export function noteOf(told: string): string {
  return capitalised(told.replace(/^is (?:an? )?/, ''));
}

const PERSON: readonly FactRule[] = [
  one('name', /^My (?:full |first )?name(?: is|'s) (\p{L}[\p{L}.' -]*?)(?=,| and\b| but\b|$)/u),
  one(
    'name',
    new RegExp(
      `^(?:I am called|I go by|Call me|People call me|Everyone calls me|My friends call me) (${FULL_NAME})`,
      'u',
    ),
  ),
  one('name', new RegExp(`^I am (${FULL_NAME})(?=,|$)`, 'u')),
  one('age', me('am (\\d{1,3})(?: years? old)?(?= (?:and|now|this year|today)\\b|,|$)')),
  one('age', me('(?:turned|am turning) (\\d{1,3})\\b')),
  one('birthDate', /^My birthday(?: is|'s)(?: on)? (.+)$/u),
  one(
    'birthDate',
    me('was born (?:on|in) ((?:.* )?\\d{4}(?:-\\d\\d-\\d\\d)?|\\w+ \\d{1,2}(?:st|nd|rd|th)?)'),
  ),
  one('nationality', me(`am (${NATIONALITY})(?=,| |$)`)),
  one('hometown', me(`(?:am (?:originally )?from|come from|grew up in|was born in) (?!\\d)${PLACE}`)),
  one('maritalStatus', me('am (?:happily )?(married|single|divorced|widowed|engaged)\\b'), capitalised),
  whole('marriage', me('(?:got married|got divorced|got engaged)\\b')),
  one('children', new RegExp(`^(?:I|We) have (${ENGLISH_COUNT}) (?:kids?|child(?:ren)?)\\b`, 'u'), (count) =>
    String(englishCount(count)),
  ),
];

const HOME: readonly FactRule[] = [
  one('city', me(`(?:live|am living|have lived|am based) in ${PLACE}`)),
  {
    pattern: me(`(?:moved|have moved|relocated|have relocated|moved back) (?:from .+? )?to ${PLACE}`),
    facts: ([clause, place = ''], told) => [
      ...(/^\p{Lu}/u.test(place) || clause.slice(1) === clause.slice(1).toLowerCase()
        ? [factOf('city', 'en', place)]
        : []),
      factOf('relocation', 'en', noteOf(told)),
    ],
  },
  one(
    'city',
    me(`(?:no longer live|(?:do not|don't) live(?=.* any ?(?:more|longer)$)) in ${PLACE}`),
    (place) => `No longer lives in ${place}`,
  ),
];

const JOB: readonly FactRule[] = [
  one(
    'title',
    me(
      `(?:work|am working|started working|started|got a job|joined|have joined)(?: .+?)? as (?:an? )?(.+?)${TITLE_END}`,
    ),
  ),
  one('title', me(`am (?:an?|the) ((?:[\\w-]+ ){0,3}?${OCCUPATION})${TITLE_END}`)),
  one(
    'company',
    me(
      `(?:work|am working|started working|started|got a (?:new )?job|am an? .+?|(?:work|am working|started) as .+?) (?:at|for) ${COMPANY}`,
    ),
  ),
  one('company', me(`(?:joined|have joined) ${COMPANY}`)),
  one(
    'company',
    me(
      `(?:no longer work|stopped working|(?:do not|don't) work(?=.* any ?(?:more|longer)$)) (?:at|for) ${COMPANY}`,
    ),
    (name) => `No longer works at ${name}`,
  ),
  one(
    'company',
    me(`(?:quit my job at|left my job at|resigned from) ${COMPANY}`),
    (name) => `No longer works at ${name}`,
  ),
  one(
    'industry',
    me('(?:work|am working) in (?:the )?([a-z][\\w ]*?(?= industry|,| and\\b| at\\b| as\\b|$))'),
  ),
  whole('retirement', me('(?:retired|am retired)\\b')),
  one('major', me('(?:study|am studying|studied|majored in) ([\\w ]+?)(?= (?:at|in|with|and|on)\\b|,|$)')),
  one('school', me(`(?:study|am studying|studied|graduated)\\b.*? (?:at|from) (?:the )?${COMPANY}`)),
  one('school', me(`(?:go to|am an? .*?student at) ${COMPANY}`)),
];

const RELATIVES =
  'daughter|son|wife|husband|partner|fianc[eé]e?|girlfriend|boyfriend|mother|mom|mum|father|dad|brother|sister|grandmother|grandma|grandfather|grandpa|aunt|uncle|cousin|niece|nephew|roommate|best friend';
const SYNONYMS: Readonly<Record<string, string>> = {
  mom: 'mother',
  mum: 'mother',
  dad: 'father',
  grandma: 'grandmother',
  grandpa: 'grandfather',
};
const PETS = 'dog|cat|puppy|kitten|rabbit|parrot|hamster|turtle|horse|guinea pig|goldfish|bird';

function familyFact(relative: string, memo: string): Fact {
  return { topic: 'family', sub_topic: (SYNONYMS[relative] ?? relative).replace(' ', '_'), memo };
}

function petFact(pet: string, memo: string): Fact {
  return { topic: 'pets', sub_topic: pet.replace(' ', '_'), memo };
}

/** Names of those who belong to the user stand anywhere in what the user says. */
const HOUSEHOLD: readonly FactRule[] = [
  {
    pattern: new RegExp(
      `\\b[Mm]y (?:\\w+er )?(${RELATIVES})(?:'s name is|,? (?:is )?(?:called|named)|,)? (${NAME})\\b`,
      'u',
    ),
    facts: ([, relative = '', name = '']): Fact[] => {
      const memo = `${capitalised(SYNONYMS[relative] ?? relative)} is called ${name}`;
      return [familyFact(relative, memo)];
    },
  },
  {
    pattern: new RegExp(
      `^My (?:\\w+er )?(${RELATIVES}) (?:is an?|works|lives|studies|loves|likes|hates|turned|has) .+`,
      'u',
    ),
    facts: ([, relative = ''], told) => [familyFact(relative, capitalised(told))],
  },
  {
    pattern: new RegExp(`\\b[Mm]y (${PETS})(?:'s name is|,? (?:is )?(?:called|named)|,)? (${NAME})\\b`, 'u'),
    facts: ([, pet = '', name = '']) => [petFact(pet, `Has a ${pet} called ${name}`)],
  },
  {
    pattern: new RegExp(
      `^(?:I|We) (?:have|got|have got|adopted|have adopted) (an?|one|two|three) ((?:(?!and\\b|kids\\b|children\\b)[\\w-]+ ){0,2}?)(${PETS})s?\\b(?:,? (?:named|called) (.+?)(?= (?:on|in|between) \\d|,|$))?`,
      'u',
    ),
    facts: ([, count = '', , pet = '', name]) => {
      const many = /^an?|one$/.test(count) ? `${count} ${pet}` : `${count} ${pet}s`;
      return [petFact(pet, `Has ${many}${name === undefined ? '' : ` called ${name}`}`)];
    },
  },
];

/** Who the user is, where they live and work, who belongs to them. */
export const ENGLISH_LIFE_RULES: readonly FactRule[] = [...PERSON, ...HOME, ...JOB, ...HOUSEHOLD];
