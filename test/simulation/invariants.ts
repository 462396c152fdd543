import type { Receipt } from '../../shared/domain/commit.ts';
import { RETAINED_VERSIONS } from '../../shared/domain/commit.ts';
import type { Snapshot } from '../../shared/domain/memory.ts';
import { markersIn } from './llm.ts';
import type { Message, Story } from './story.ts';
import type { World } from './world.ts';

interface Memory {
  readonly life: number;
  readonly userKey: string;
  /** How often each marker stands in the gists and in the profile. */
  readonly inGists: ReadonlyMap<string, number>;
  readonly inProfile: ReadonlyMap<string, number>;
  readonly gistIds: readonly string[];
  readonly letters: ReadonlySet<string>;
}

/** Every promise that can be checked once the dust has settled; one line per broken one. */
export async function judge(story: Story, world: World): Promise<string[]> {
  const broken: string[] = [];
  const memories = new Map<string, Memory | null>();
  for (const { projectId, userId } of story.users) {
    memories.set(`${projectId}/${userId}`, await readMemory(projectId, userId, world, broken));
  }
  for (const message of story.messages) judgeMessage(message, memories, world, broken);
  judgeStrangers(story, memories, broken);
  await judgeReceipts(world, broken);
  await judgeRows(memories, world, broken);
  await judgeSearch(memories, world, broken);
  return broken;
}

async function readMemory(
  projectId: string,
  userId: string,
  world: World,
  broken: string[],
): Promise<Memory | null> {
  const { look } = world.database;
  const who = `${projectId}/${userId}`;
  const rows = await look(
    'SELECT version, life, applied, snapshot FROM memory_commits WHERE project_id = ? AND user_id = ? ORDER BY version',
    [projectId, userId],
  );
  const head = rows.at(-1);
  if (head === undefined) return null;
  rows.forEach((row, index) => {
    if (Number(row['version']) !== Number(rows[0]?.['version']) + index)
      broken.push(`${who}: versions have a gap`);
  });
  if (rows.length > RETAINED_VERSIONS) broken.push(`${who}: ${rows.length} versions are kept`);
  if (head['applied'] !== 1) broken.push(`${who}: the latest version is not applied`);
  const life = Number(head['life']);
  if (life === 0) broken.push(`${who}: the tombstone is still there`);
  const userKey = life === 1 ? userId : `${userId}~${life}`;
  const snapshot = JSON.parse(String(head['snapshot'])) as Snapshot;
  const gists = await look('SELECT gist_id, text, vector FROM gists WHERE project_id = ? AND user_key = ?', [
    projectId,
    userKey,
  ]);
  if (world.deps.embedder !== null && gists.some(({ vector }) => vector === ''))
    broken.push(`${who}: gists lack vectors`);
  const letters = await look(
    `SELECT b.payload FROM dead_letters d JOIN blobs b ON b.project_id = d.project_id AND b.user_key = d.user_key
     WHERE d.project_id = ? AND d.user_key = ? AND d.state = 'open' AND instr(d.letter, b.blob_id) > 0`,
    [projectId, userKey],
  );
  if (Object.keys(snapshot.progress).length > 0) broken.push(`${who}: progress of no blob is left`);
  return {
    life,
    userKey,
    inGists: tally(gists.flatMap(({ text }) => markersIn(String(text)))),
    inProfile: tally(snapshot.slots.flatMap(({ content }) => markersIn(content))),
    gistIds: gists.map(({ gist_id }) => String(gist_id)),
    letters: new Set(letters.flatMap(({ payload }) => markersIn(String(payload)))),
  };
}

function tally(markers: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const marker of markers) counts.set(marker, (counts.get(marker) ?? 0) + 1);
  return counts;
}

const ownerOf = ({ user }: Message): string => `${user.projectId}/${user.userId}`;

function judgeMessage(
  message: Message,
  memories: ReadonlyMap<string, Memory | null>,
  { witness }: World,
  broken: string[],
): void {
  const owner = ownerOf(message);
  const memory = memories.get(owner) ?? null;
  const deletions = witness.commits.filter(({ user, kind }) => user === owner && kind === 'delete_user');
  const gone = deletions.some(({ step }) => step > message.lastStep);
  const overlapped = deletions.some(({ step }) => step >= message.firstStep && step <= message.lastStep);
  const letter = message.markers.some((marker) => memory?.letters.has(marker));
  if (letter && message.poison === null)
    broken.push(`${owner}: ${message.markers[0]} is a dead letter without poison`);
  const required = message.acked && !gone && !overlapped && message.rival === null;
  for (const marker of message.markers) {
    const gists = memory?.inGists.get(marker) ?? 0;
    const slots = memory?.inProfile.get(marker) ?? 0;
    if (gists !== slots)
      broken.push(`${owner}: ${marker} stands in ${gists} gists, ${slots} times in the profile`);
    if (gists > 1) broken.push(`${owner}: ${marker} is remembered ${gists} times`);
    if (gone && gists > 0) broken.push(`${owner}: ${marker} outlived its user`);
    if (required && message.poison === null && gists === 0) broken.push(`${owner}: ${marker} is lost`);
    const healed = message.poison !== null && (memory?.inGists.get(message.poison) ?? 0) > 0;
    if (required && healed && gists === 0) broken.push(`${owner}: ${marker} is lost with the healed poison`);
    if (marker === message.poison) judgePoison(message, gists, letter, required, memory, broken);
    if (message.rival?.acked && !overlapped && !gone && gists > 0)
      judgeRival(message, deletions, marker, broken);
  }
}

function judgePoison(
  message: Message,
  gists: number,
  letter: boolean,
  required: boolean,
  memory: Memory | null,
  broken: string[],
): void {
  const name = `${ownerOf(message)}: poison ${message.poison}`;
  if (gists > 0 && letter) broken.push(`${name} is remembered and a dead letter`);
  if (required && gists === 0 && !letter && memory !== null && !message.discarded)
    broken.push(`${name} is lost`);
}

function judgeRival(
  message: Message,
  deletions: readonly { step: number }[],
  marker: string,
  broken: string[],
): void {
  const since = message.rival?.firstStep ?? 0;
  if (message.rival !== null && message.rival.lastStep > message.firstStep) return;
  if (deletions.some(({ step }) => step >= since)) return;
  broken.push(`${ownerOf(message)}: ${marker} was refused and is remembered`);
}

/** Nobody holds what somebody else said. */
function judgeStrangers(story: Story, memories: ReadonlyMap<string, Memory | null>, broken: string[]): void {
  const owners = new Map(
    story.messages.flatMap((message) => message.markers.map((m) => [m, ownerOf(message)])),
  );
  for (const [owner, memory] of memories) {
    for (const marker of [...(memory?.inGists.keys() ?? []), ...(memory?.inProfile.keys() ?? [])]) {
      if (owners.get(marker) !== owner)
        broken.push(`${owner} remembers ${marker} of ${owners.get(marker) ?? 'nobody'}`);
    }
  }
}

/** Usage is what the versions say, each batch once; no blob ends in two of them. */
async function judgeReceipts({ witness, database }: World, broken: string[]): Promise<void> {
  const expected = witness.commits.flatMap(({ user, effects }) =>
    effects.receipt === null
      ? []
      : [`${user.split('/')[0]} ${effects.receipt.batchId} ${effects.receipt.blobs}`],
  );
  const rows = await database.look('SELECT project_id, receipt FROM usage_receipts');
  const found = rows.map((row) => {
    const { batchId, blobs } = JSON.parse(String(row['receipt'])) as Receipt;
    return `${row['project_id']} ${batchId} ${blobs}`;
  });
  const [wanted, got] = [expected.toSorted().join('\n'), found.toSorted().join('\n')];
  if (wanted !== got) broken.push(`usage differs from the versions:\n${wanted}\n--\n${got}`);
  const ended = tally(
    witness.commits.flatMap(({ user, life, effects }) =>
      effects.finished
        .filter(({ as }) => as === 'done')
        .map(({ blobId }) => `${user} life ${life} blob ${blobId}`),
    ),
  );
  for (const [blob, times] of ended) if (times > 1) broken.push(`${blob} was extracted ${times} times`);
  for (const { effects, user } of witness.commits) {
    const done = effects.finished.filter(({ as }) => as === 'done').length;
    if (effects.receipt !== null && effects.receipt.blobs !== done)
      broken.push(`${user}: a receipt miscounts its blobs`);
  }
}

const LIFE_TABLES = ['blobs', 'events', 'gists', 'dead_letters'] as const;

/** Rows exist for living lives only, nothing waits, nothing is locked, no reminder is left. */
async function judgeRows(
  memories: ReadonlyMap<string, Memory | null>,
  world: World,
  broken: string[],
): Promise<void> {
  const { look } = world.database;
  const living = new Set(
    [...memories].flatMap(([owner, memory]) => {
      return memory === null ? [] : [`${owner.split('/')[0]}/${memory.userKey}`];
    }),
  );
  for (const table of LIFE_TABLES) {
    for (const row of await look(`SELECT DISTINCT project_id, user_key FROM ${table}`)) {
      const owner = `${row['project_id']}/${row['user_key']}`;
      if (!living.has(owner)) broken.push(`${table} still holds rows of ${owner}`);
    }
  }
  for (const row of await look('SELECT scope, until_ms FROM leases')) {
    const owner = String(row['scope']).split('/').slice(0, 2).join('/');
    if (!living.has(owner)) broken.push(`leases still hold rows of ${owner}`);
    if (Number(row['until_ms']) > world.scheduler.clock()) broken.push(`the lease ${row['scope']} blocks`);
  }
  for (const row of await look(`SELECT blob_id FROM blobs WHERE status = 'waiting'`)) {
    broken.push(`blob ${row['blob_id']} still waits`);
  }
  for (const row of await look('SELECT project_id FROM projects WHERE pause_until_ms > ?', [
    world.scheduler.clock(),
  ])) {
    broken.push(`project ${row['project_id']} is still paused`);
  }
  const [reminder] = await look('SELECT count(*) AS n FROM flush_queue');
  if (Number(reminder?.['n']) > 0) broken.push(`${reminder?.['n']} reminders are left`);
}

async function judgeSearch(
  memories: ReadonlyMap<string, Memory | null>,
  world: World,
  broken: string[],
): Promise<void> {
  const docs = await world.indexed();
  const found = docs.map(({ owner, id }) => `${owner} ${id}`).toSorted();
  const wanted = [...memories].flatMap(([owner, memory]) =>
    (memory?.gistIds ?? []).map((id) => `${owner.split('/')[0]}/${memory?.userKey} ${id}`),
  );
  if (found.join('\n') !== wanted.toSorted().join('\n'))
    broken.push(`the index holds other documents than the timeline`);
  if (world.deps.embedder !== null && docs.some(({ vector }) => !vector))
    broken.push('the index lacks vectors');
}
