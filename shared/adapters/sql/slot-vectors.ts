import type { SlotVectors } from '../../app/ports.ts';
import { type LifeScope, userKey } from '../../domain/scope.ts';
import { PAGE_ROWS, type Rows } from './rows.ts';
import { SLOT_VECTORS } from './tables.ts';

const ofLife = (scope: LifeScope) => ({ project_id: scope.projectId, user_key: userKey(scope) });

/** @param space names the embedding model in use */
export function createSlotVectors(rows: Rows, space: string): SlotVectors {
  return {
    space,
    async hashes(scope) {
      const found: string[] = [];
      const selection = { columns: [], where: ofLife(scope), last: 'content_hash' } as const;
      for await (const page of rows.pages(SLOT_VECTORS, selection)) {
        found.push(...page.map((row) => String(row['content_hash'])));
      }
      return found;
    },
    async load(scope, hashes) {
      const found = [];
      for (let at = 0; at < hashes.length; at += PAGE_ROWS) {
        const values = hashes.slice(at, at + PAGE_ROWS);
        const page = await rows.select(SLOT_VECTORS, {
          columns: ['content_hash', 'vector'],
          where: ofLife(scope),
          in: { column: 'content_hash', values },
          limit: values.length,
        });
        found.push(...page);
      }
      return found.map((row) => ({
        hash: String(row['content_hash']),
        vector: fromText(String(row['vector'])),
      }));
    },
    async put(scope, vectors) {
      for (const { hash, vector } of vectors) {
        await rows.putIfAbsent(SLOT_VECTORS, {
          ...ofLife(scope),
          content_hash: hash,
          vector: toText(vector),
        });
      }
    },
    async remove(scope, hashes) {
      for (const hash of hashes) await rows.remove(SLOT_VECTORS, { ...ofLife(scope), content_hash: hash });
    },
  };
}

/** 32-bit floats, as the machine orders their bytes, in base64: a quarter of the length of the numbers in JSON. */
function toText(vector: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

function fromText(text: string): Float32Array {
  // A copy, because a small buffer lies anywhere in a pool and floats have to begin at a multiple of four.
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
}
