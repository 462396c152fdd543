/** Provisional upper estimate of o200k_base tokens. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3) + 1;
}
