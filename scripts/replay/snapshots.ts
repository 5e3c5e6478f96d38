import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseFeed } from 'htmlparser2';
import { canonicalUrl } from '../../src/articles/canonical-url.ts';

/** The consecutive answers of one feed, oldest first, as they were captured. */
export interface Snapshots {
  readonly feedId: string;
  readonly bodies: readonly Buffer[];
}

/** What a second, independent reading of the snapshots finds: `htmlparser2`'s own feed reader, which the worker does not use. */
export interface Expected {
  /** Every item, by guid or link, that any snapshot held. */
  readonly items: ReadonlySet<string>;
  /** Items that said something else at a later poll, case, punctuation and white space aside: how often. */
  readonly revisions: ReadonlyMap<string, number>;
}

/** One folder for each feed, one file for each poll, in the order of their names. */
export function readSnapshots(dir: string): Snapshots[] {
  return readdirSync(dir)
    .filter((name) => statSync(join(dir, name)).isDirectory())
    .sort()
    .map((name) => ({
      feedId: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      bodies: readdirSync(join(dir, name))
        .sort()
        .map((file) => readFileSync(join(dir, name, file))),
    }));
}

export function expectedOf({ bodies }: Snapshots): Expected {
  const said = new Map<string, string>();
  const revisions = new Map<string, number>();
  for (const body of bodies) {
    for (const item of parseFeed(body.toString('utf8'))?.items ?? []) {
      const key = item.id ?? canonicalUrl(item.link ?? '') ?? item.title ?? '';
      const words = wordsOf(`${item.title ?? ''} ${item.description ?? ''}`);
      const before = said.get(key);
      if (before !== undefined && before !== words) revisions.set(key, (revisions.get(key) ?? 0) + 1);
      said.set(key, words);
    }
  }
  return { items: new Set(said.keys()), revisions };
}

/** What a reader sees, roughly: no markup, no entities, letters and digits alone. */
function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&[#a-z0-9]+;/gi, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

export const etagOf = (body: Buffer): string => `"${createHash('sha256').update(body).digest('hex').slice(0, 20)}"`;
