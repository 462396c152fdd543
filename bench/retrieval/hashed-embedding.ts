import { createHash } from 'node:crypto';

const WORDS = /\p{Script=Han}+|[\p{L}\p{N}]+/gu;
const HAN = /^\p{Script=Han}/u;

/**
 * A vector of unit length with one direction per word or pair of Chinese characters: knows nothing of meaning, but
 * runs everywhere and is the same on every machine.
 */
export function hashedEmbedding(text: string, dimension: number): number[] {
  const vector = new Array<number>(dimension).fill(0);
  for (const feature of featuresOf(text)) {
    const slot = createHash('md5').update(feature).digest().readUInt32LE(0) % dimension;
    vector[slot] = (vector[slot] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  // A text without words still needs a direction.
  if (length === 0) return [1, ...vector.slice(1)];
  return vector.map((value) => value / length);
}

function featuresOf(text: string): string[] {
  return [...text.toLowerCase().matchAll(WORDS)].flatMap(([run]) => {
    if (!HAN.test(run)) return [run];
    const characters = [...run];
    return characters.length === 1
      ? characters
      : characters.slice(1).map((character, index) => `${characters[index]}${character}`);
  });
}
