/** Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.4. */
const K1 = 1.2;
const B = 0.75;

/** Numbers about the collection that is searched: one user's documents. */
export interface Collection {
  readonly documents: number;
  /** Mean number of terms per document. */
  readonly averageLength: number;
}
export interface TermDocument {
  readonly id: string;
  readonly terms: readonly string[];
}

/**
 * BM25 scores of the documents that contain a query term, best first; equal scores stand in the order given.
 *
 * @param matched every document of the collection that contains at least one query term: document frequencies are
 *   counted over it
 */
export function bm25(
  query: readonly string[],
  matched: readonly TermDocument[],
  collection: Collection,
): { id: string; score: number }[] {
  const slots = new Map([...new Set(query)].map((term, slot) => [term, slot]));
  const counts = matched.map(({ terms }) => countsOf(terms, slots));
  const weights = Array.from(slots, (_, slot) => {
    const frequency = counts.reduce((sum, count) => sum + ((count[slot] ?? 0) > 0 ? 1 : 0), 0);
    return inverseFrequency(frequency, collection.documents);
  });
  const average = Math.max(1, collection.averageLength);
  return matched
    .map(({ id, terms }, index) => {
      const damping = K1 * (1 - B + (B * terms.length) / average);
      let score = 0;
      counts[index]?.forEach((count, slot) => {
        score += ((weights[slot] ?? 0) * count * (K1 + 1)) / (count + damping);
      });
      return { id, score };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** ln(1 + (N - n + 0.5) / (n + 0.5)): never negative, so a term that stands everywhere does no harm. */
export function inverseFrequency(documentsWithTerm: number, documents: number): number {
  const without = Math.max(0, documents - documentsWithTerm);
  return Math.log(1 + (without + 0.5) / (documentsWithTerm + 0.5));
}

/** How often each query term stands in a document, by the term's slot. */
function countsOf(terms: readonly string[], slots: ReadonlyMap<string, number>): Uint16Array {
  const counts = new Uint16Array(slots.size);
  for (const term of terms) {
    const slot = slots.get(term);
    if (slot !== undefined) counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}
