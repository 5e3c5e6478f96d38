import { createHash } from 'node:crypto';

/**
 * A job id derived from what the job is about, so that a step run twice adds nothing twice. Hex, since BullMQ refuses integers and most ids with a
 * colon; the parts are joined by a character that none of them holds.
 */
export function jobId(...about: readonly string[]): string {
  return `j${createHash('sha256').update(about.join('\u001f')).digest('hex').slice(0, 32)}`;
}
