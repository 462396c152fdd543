import { z } from 'zod';
import { digest } from './ids.ts';
import { dayOf } from './time.ts';

/** Every type the wire protocol names; only the storable ones can be inserted. */
export const BLOB_TYPES = ['chat', 'summary', 'doc', 'image', 'code', 'transcript'] as const;
export type BlobType = (typeof BLOB_TYPES)[number];

export const STORABLE_BLOB_TYPES = ['chat', 'summary', 'doc', 'transcript'] as const;
export type StorableBlobType = (typeof STORABLE_BLOB_TYPES)[number];

export const isStorable = (type: BlobType): type is StorableBlobType =>
  (STORABLE_BLOB_TYPES as readonly BlobType[]).includes(type);

/** A chat message as the protocol stores it: all four keys, `created_at` free text. */
export const messageSchema = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  alias: z.string().nullish().default(null),
  created_at: z.string().nullish().default(null),
});
export type Message = z.infer<typeof messageSchema>;

const transcriptStampSchema = z.object({
  content: z.string(),
  start_timestamp_in_seconds: z.number(),
  end_time_timestamp_in_seconds: z.number().nullish().default(null),
  speaker: z.string().nullish().default(null),
});

/** Shape of `blob_data` by type. Unknown keys are dropped, as the protocol asks. */
export const blobDataSchemas = {
  chat: z.object({ messages: z.array(messageSchema) }),
  summary: z.object({ summary: z.string() }),
  doc: z.object({ content: z.string() }),
  transcript: z.object({ transcripts: z.array(transcriptStampSchema) }),
} as const satisfies Record<StorableBlobType, z.ZodType>;

export type BlobContent = {
  [T in StorableBlobType]: { readonly type: T; readonly data: z.infer<(typeof blobDataSchemas)[T]> };
}[StorableBlobType];

/** One stored conversation piece that waits for extraction. */
export type Blob = BlobContent & {
  readonly id: string;
  /** Server time of acceptance, epoch milliseconds. */
  readonly createdMs: number;
  readonly fields: Record<string, unknown> | null;
};

/** One unit of blob text that is never torn apart unless it alone exceeds a budget. */
export interface Line {
  /** `[TIME] NAME: ` or nothing; repeated on every piece of a line that had to be split. */
  readonly prefix: string;
  readonly text: string;
}

/**
 * The text of a blob as it is counted and shown to the model: one line per message,
 * `[TIME] NAME: CONTENT`, TIME being the message's own `created_at` or else the day the blob arrived.
 */
export function blobLines(blob: Pick<Blob, 'createdMs'> & BlobContent, timeZone: string): Line[] {
  const day = dayOf(blob.createdMs, timeZone);
  switch (blob.type) {
    case 'chat':
      return blob.data.messages.map((message) => ({
        prefix: `[${message.created_at ?? day}] ${speakerOf(message)}: `,
        text: message.content,
      }));
    case 'summary':
      return [{ prefix: '- ', text: `${blob.data.summary.replace(/\s*\n\s*/g, ' ')}[${day}]` }];
    case 'doc':
      return [{ prefix: '', text: blob.data.content }];
    case 'transcript':
      return blob.data.transcripts.map((stamp) => ({
        prefix: `[${day}] ${stamp.speaker ?? 'speaker'}: `,
        text: stamp.content,
      }));
    default:
      return blob satisfies never;
  }
}

function speakerOf(message: Message): string {
  return message.alias ? `${message.alias}(${message.role})` : message.role;
}

/** The wire text of the whole blob. */
export function blobText(lines: readonly Line[]): string {
  return lines.map((line) => line.prefix + line.text).join('\n');
}

/** Equal for two inserts exactly when they carry the same type and content. */
export function contentHash(content: BlobContent, fields: Record<string, unknown> | null): string {
  return digest(content.type, canonicalJson(content.data), canonicalJson(fields));
}

/** JSON with sorted keys, so that equal values give equal text whatever order a client used. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
