/** Sentences of pseudo-words whose frequencies fall as in natural text (Zipf); the same seed gives the same ones. */
export function createSentences(seed: number): (words: number) => string {
  const random = mulberry32(seed);
  const rank = zipfRanks(random);
  return (words) => Array.from({ length: words }, () => wordOf(rank())).join(' ');
}

const VOCABULARY = 5_000;
/** The most frequent words of a language are stop words, which no index holds. */
const STOP_WORDS = 30;
const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ter',
  'san',
  'du',
  'fen',
  'gor',
  'bi',
  'rul',
  'ne',
  'vop',
  'hau',
  'zi',
  'pel',
  'jo',
];

const wordOf = (rank: number): string =>
  rank
    .toString(16)
    .padStart(3, '0')
    .replace(/./g, (digit) => SYLLABLES[Number.parseInt(digit, 16)] ?? '');

function zipfRanks(random: () => number): () => number {
  const cumulative: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= VOCABULARY; rank += 1) {
    total += 1 / (STOP_WORDS + rank);
    cumulative.push(total);
  }
  return () => {
    const drawn = random() * total;
    let [low, high] = [0, VOCABULARY - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Tommy Ettinger's public-domain generator: 32 bits of state are plenty for test data. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
