import { type Blob, blobLines, type Line } from './blob.ts';
import { digest } from './ids.ts';
import type { Cursor } from './memory.ts';

/** What one blob contributes to a batch. */
export interface BatchItem {
  readonly blobId: string;
  readonly text: string;
  /** Where the next batch goes on; null when the blob is through. */
  readonly next: Cursor | null;
}

/** What one extraction reads: whole blobs, oldest first, or one piece of an oversize blob. */
export interface Batch {
  /** The same content at the same place has the same id, whoever takes it. */
  readonly id: string;
  readonly items: readonly BatchItem[];
  readonly tokens: number;
}

const START: Cursor = { line: 0, char: 0 };

export interface BatchRequest {
  /** Key of the life the blobs belong to; blob ids alone may occur in several. */
  readonly owner: string;
  /** Oldest first. */
  readonly blobs: readonly Blob[];
  readonly progress: Readonly<Record<string, Cursor>>;
  /** o200k_base tokens of conversation text; at least one character is always taken. */
  readonly budget: number;
  readonly timeZone: string;
  readonly count: (text: string) => number;
}

/**
 * Takes the oldest blobs that fit the budget. Nothing is cut away: a blob that alone exceeds it is taken in
 * pieces, by lines and, where one line exceeds it, by its text; the rest follows in later batches.
 */
export function takeBatch({ owner, blobs, progress, budget, timeZone, count }: BatchRequest): Batch | null {
  const items: BatchItem[] = [];
  let tokens = 0;
  for (const blob of blobs) {
    const from = progress[blob.id] ?? START;
    const lines = remainder(blobLines(blob, timeZone), from);
    const whole = shown(lines);
    const cost = count(whole);
    if (tokens + cost <= budget) {
      items.push({ blobId: blob.id, text: whole, next: null });
      tokens += cost;
      continue;
    }
    if (items.length === 0) {
      const piece = takePiece(lines, from, budget, count);
      items.push({ blobId: blob.id, text: piece.text, next: piece.next });
      tokens = count(piece.text);
    }
    break;
  }
  const first = items[0];
  if (first === undefined) return null;
  const places = items.map(({ blobId, next }) => `${blobId}@${place(progress[blobId])}-${place(next)}`);
  return { id: digest(owner, ...places).slice(0, 32), items, tokens };
}

const place = (cursor: Cursor | null | undefined): string => (cursor ? `${cursor.line}.${cursor.char}` : '');

const shown = (lines: readonly Line[]): string => lines.map((line) => line.prefix + line.text).join('\n');

function remainder(lines: readonly Line[], from: Cursor): Line[] {
  return lines
    .slice(from.line)
    .map((line, index) => (index === 0 ? { prefix: line.prefix, text: line.text.slice(from.char) } : line));
}

function takePiece(
  lines: readonly Line[],
  from: Cursor,
  budget: number,
  count: (text: string) => number,
): { text: string; next: Cursor | null } {
  const whole = longestPrefix(lines.length, (n) => count(shown(lines.slice(0, n))) <= budget);
  if (whole > 0) {
    const next = whole === lines.length ? null : { line: from.line + whole, char: 0 };
    return { text: shown(lines.slice(0, whole)), next };
  }
  const line = lines[0];
  if (line === undefined) return { text: '', next: null };
  const fits = longestPrefix(line.text.length, (n) => count(line.prefix + line.text.slice(0, n)) <= budget);
  const taken = breakPoint(line.text, Math.max(1, fits));
  const done = taken >= line.text.length;
  const last = done && lines.length === 1;
  const next = last
    ? null
    : done
      ? { line: from.line + 1, char: 0 }
      : { line: from.line, char: from.char + taken };
  return { text: line.prefix + line.text.slice(0, taken), next };
}

/** Largest n in 0..max for which `holds`, assuming that what holds for n holds for less. */
function longestPrefix(max: number, holds: (n: number) => boolean): number {
  let low = 0;
  let high = max;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const SENTENCE_END = /[\n.!?。！？；;](?=[^\n.!?。！？；;]*$)/;

/** The last sentence end in the second half of what fits, else what fits; never inside a surrogate pair. */
function breakPoint(text: string, fits: number): number {
  if (fits >= text.length) return text.length;
  const end = SENTENCE_END.exec(text.slice(0, fits));
  if (end !== null && end.index + 1 > fits / 2) return end.index + 1;
  const code = text.charCodeAt(fits - 1);
  const splitsPair = code >= 0xd800 && code <= 0xdbff;
  if (!splitsPair) return fits;
  return fits > 1 ? fits - 1 : 2;
}
