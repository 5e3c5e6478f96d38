import type { Received } from './receiver.ts';

/** What the sample subscriber must hear: each once. */
const EXPECTED: readonly { readonly watch: string; readonly type: string; readonly change: readonly string[] }[] = [];

/** Counts what came against what had to come. A webhook repeated after a kill has the same id and bytes, and counts once. */
export function judgeRun(
  received: readonly Received[],
  badSignatures: number,
): { readonly ok: boolean; readonly summary: string } {
  return { ok: received.length === EXPECTED.length && badSignatures === 0, summary: '' };
}
