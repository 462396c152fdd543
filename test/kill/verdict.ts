import { RETAINED_VERSIONS } from '../../shared/domain/commit.ts';
import type { Inspection, UserRows } from './inspection.ts';
import { type Message, markersIn } from './messages.ts';

/** What was acknowledged: a message and the blob id that the answer named. */
export interface Acknowledged {
  readonly message: Message;
  readonly blobId: string;
}

export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  /** Batches and versions that the messages went through. */
  readonly batches: number;
  readonly versions: number;
  /** One line per broken promise. */
  readonly broken: readonly string[];
}

/**
 * Holds what was acknowledged against the rows that are there, once everything has come to rest.
 *
 * @param before batch ids of receipts that were in the store before the test
 */
export async function judge(
  acknowledged: readonly Acknowledged[],
  users: readonly string[],
  before: ReadonlySet<string>,
  inspection: Inspection,
): Promise<Verdict> {
  const broken: string[] = [];
  const owned = new Map<string, Acknowledged[]>(users.map((user) => [user, []]));
  for (const entry of acknowledged) owned.get(entry.message.userId)?.push(entry);
  let lost = 0;
  let doubled = 0;
  let versions = 0;
  for (const [userId, entries] of owned) {
    const rows = await inspection.user(userId);
    versions += rows.versions.at(-1)?.version ?? 0;
    const wanted = entries.map(({ message }) => message.marker);
    const profile = rows.snapshot?.slots.flatMap(({ content }) => markersIn(content)) ?? [];
    const gists = rows.gists.flatMap(({ text }) => markersIn(text));
    for (const [place, found] of [
      ['profile', profile],
      ['gists', gists],
    ] as const) {
      const { missing, extra } = compare(wanted, found);
      lost += missing.length;
      doubled += extra.length;
      for (const marker of missing) broken.push(`${userId}: ${marker} is not in the ${place}`);
      for (const marker of extra) broken.push(`${userId}: ${marker} is once too often in the ${place}`);
    }
    const blobIds = compare(
      entries.map(({ blobId }) => blobId),
      rows.blobs.map(({ id }) => id),
    );
    for (const id of blobIds.missing) broken.push(`${userId}: the acknowledged blob ${id} is gone`);
    for (const id of blobIds.extra) broken.push(`${userId}: nobody was told of blob ${id}`);
    broken.push(...unsettled(rows).map((what) => `${userId}: ${what}`));
  }
  const receipts = (await inspection.receipts()).filter(({ batchId }) => !before.has(batchId));
  if (new Set(receipts.map(({ batchId }) => batchId)).size < receipts.length)
    broken.push('a batch has two receipts');
  const billed = receipts.reduce((sum, { blobs }) => sum + blobs, 0);
  if (billed !== acknowledged.length)
    broken.push(`the receipts count ${billed} blobs, ${acknowledged.length} were acknowledged`);
  return { lost, doubled, versions, batches: receipts.length, broken };
}

function compare(
  wanted: readonly string[],
  found: readonly string[],
): { missing: string[]; extra: string[] } {
  const open = new Set(wanted);
  const extra = found.filter((item) => !open.delete(item));
  return { missing: [...open], extra };
}

/** What must be true of a user at rest, whatever was said. */
function unsettled({ versions, snapshot, gists, blobs, deadLetters }: UserRows): string[] {
  const found: string[] = [];
  versions.forEach(({ version, parent }, index) => {
    const below = versions[index - 1];
    if (below === undefined) return;
    if (version !== below.version + 1) found.push(`version ${below.version} is followed by ${version}`);
    if (parent !== below.author) found.push(`version ${version} was not built on ${below.version}`);
  });
  if (versions.at(-1)?.applied !== true) found.push('the latest version is not applied');
  if (versions.length > RETAINED_VERSIONS) found.push(`${versions.length} versions are kept`);
  if (Object.keys(snapshot?.progress ?? {}).length > 0) found.push('a blob is left half extracted');
  const pending = blobs.filter(({ status }) => status !== 'done').length;
  if (pending > 0) found.push(`${pending} blobs are not done`);
  if (deadLetters > 0) found.push(`${deadLetters} dead letters without poison`);
  const blind = gists.filter(({ hasVector }) => !hasVector).length;
  if (blind > 0) found.push(`${blind} gists have no vector`);
  return found;
}
