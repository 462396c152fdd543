/** One entry of a user's profile: what is known under a topic and sub-topic. */
export interface Slot {
  readonly id: string;
  readonly topic: string;
  readonly subTopic: string;
  readonly content: string;
  /** Attributes a client stored beside topic and sub-topic, returned as they came. */
  readonly attributes: Record<string, unknown>;
  /** Merges into this slot; absent on the wire before the first extraction touches it. */
  readonly hits: number | null;
  /** o200k_base tokens of {@link slotLine} with its line break, counted when the slot was written. */
  readonly tokens: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Blobs this content was learnt from. */
  readonly sources: readonly string[];
}

/** How far an oversize blob has been extracted: the next message and the character within it. */
export interface Cursor {
  readonly line: number;
  readonly char: number;
}

/** A life that was deleted: its key is swept again until no worker that slept through it can be alive. */
export interface FormerLife {
  readonly life: number;
  readonly deletedMs: number;
  /** Version that deleted it: whatever stands below is a leftover of a slow worker. */
  readonly tombstone: number;
}

/** Everything a user's memory is, except the timeline: small enough for one row. */
export interface Snapshot {
  /** 0 while the user is deleted. */
  readonly life: number;
  readonly user: { readonly data: unknown; readonly createdMs: number; readonly updatedMs: number };
  readonly slots: readonly Slot[];
  /** By blob id: oversize blobs that were extracted in part. */
  readonly progress: Readonly<Record<string, Cursor>>;
  readonly formerLives: readonly FormerLife[];
}

/** A line of a profile as the context shows it. */
export function slotLine(slot: Pick<Slot, 'topic' | 'subTopic' | 'content'>): string {
  return `- ${slot.topic}::${slot.subTopic}: ${slot.content}`;
}

/** Topic and sub-topic names are compared and stored this way when extraction writes them. */
export function unifiedName(name: string): string {
  return name.trim().toLowerCase().replaceAll(' ', '_');
}

export const ENTRY_KINDS = ['event', 'fact', 'plan'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** One sentence of the timeline. */
export interface Gist {
  readonly id: string;
  readonly eventId: string;
  readonly text: string;
  readonly kind: EntryKind;
  /** Calendar days `YYYY-MM-DD`: when it was said, and when it happened. */
  readonly mentionedOn: string | null;
  readonly happenedFrom: string | null;
  readonly happenedTo: string | null;
  readonly sources: readonly string[];
  /** o200k_base tokens of `- text` with its line break. */
  readonly tokens: number;
  readonly createdMs: number;
}

export interface EventTag {
  readonly tag: string;
  readonly value: string;
}

export interface ProfileDelta {
  readonly content: string;
  readonly attributes: Record<string, unknown>;
}

/** One extraction's trace on the timeline. */
export interface MemoryEvent {
  readonly id: string;
  readonly tip: string;
  readonly tags: readonly EventTag[] | null;
  readonly delta: readonly ProfileDelta[];
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** The day a gist is filed under in a context: when it happened, else when it was said. */
export function gistDay(gist: Pick<Gist, 'mentionedOn' | 'happenedFrom'>): string | null {
  return gist.happenedFrom ?? gist.mentionedOn;
}

export const gistLine = (gist: Pick<Gist, 'text'>): string => `- ${gist.text}`;
