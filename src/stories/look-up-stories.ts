import type { Candidate } from './likeness.ts';
import { CANDIDATE_LIMIT, COUNT_CELLS, epochsOf, type JoinPlan, RANKED_LIMIT } from './plan-join.ts';
import { rankStories } from './rank-stories.ts';
import { readAnswer, readRecord, readTimes } from './stored-story.ts';
import type { JoinResult } from './story.ts';
import { cellsOf, listPlaceOf, recordKey, type StoryDatabase } from './story-commands.ts';
import type { RankedStory } from './story-tally.ts';
import type { RecentCounts } from './term-weights.ts';

/** What an article that has no story yet may belong to. */
export interface Found {
  /** Commits when it was asked. */
  readonly commits: number;
  readonly recent: RecentCounts;
  readonly candidates: readonly Candidate[];
  /** The stories under its terms, open or not. */
  readonly ranked: readonly RankedStory[];
}

/** An article that was joined before: with this revision, or with another. */
export type Known = { readonly answer: JoinResult } | { readonly lastOrigin: string };

/**
 * What Redis knows of an article, or the open stories that share its rarest words, and how common its words are. Two round trips: lists and counts, then the
 * stories themselves; a third where some of them were merged into others or are over.
 */
export async function lookUp(database: StoryDatabase, plan: JoinPlan): Promise<Known | Found> {
  const { input } = plan;
  const { epoch, generation } = epochsOf(input.at, database.windowMs);
  const places = plan.lookups.flatMap(({ key }) => listPlaceOf(key));
  const gets = cellsOf(plan, COUNT_CELLS).flatMap((cell) => ['GET', 'u24', cell]);
  // Sent together without a pipeline: ioredis equips each with every script that it knows, which costs more than a join.
  const { redis, prefix } = database;
  const [[kind, first, lists], ...counts] = await Promise.all([
    redis.attacheReadStoryIndexBuffer(recordKey(prefix, input.id), prefix, input.revision, epoch, epoch - 1, ...places),
    redis.call('BITFIELD_RO', `${prefix}:c:${generation}`, ...gets) as Promise<number[]>,
    redis.call('BITFIELD_RO', `${prefix}:c:${generation - 1}`, ...gets) as Promise<number[]>,
  ]);
  if (kind.toString() !== 'asked') return knownOf(kind.toString(), first as Buffer, input.revision);
  const ranked = rankStories(plan.lookups, lists!, RANKED_LIMIT);
  const holding = counts[0].map((count, cell) => count + counts[1][cell]!);
  const stories = holding.pop()!;
  const candidates = await readOpenStories(database, ranked, input.at);
  return { commits: first as number, recent: { stories, holding }, candidates, ranked };
}

function knownOf(kind: string, bytes: Buffer, revision: string): Known {
  if (kind === 'known') return { answer: readAnswer(bytes) };
  if (kind === 'revised') return { lastOrigin: readAnswer(bytes).origin };
  const { isKnown, answer } = readRecord(bytes, revision);
  return isKnown ? { answer } : { lastOrigin: answer.origin };
}

/** The best ranked of the stories that can take an article of this time: the first ones, and further ones for those that cannot. */
async function readOpenStories(
  database: StoryDatabase,
  ranked: readonly RankedStory[],
  at: number,
): Promise<Candidate[]> {
  const open = new Map<number, Buffer>();
  const seen = new Set<number>();
  for (const part of [ranked.slice(0, CANDIDATE_LIMIT), ranked.slice(CANDIDATE_LIMIT)]) {
    if (part.length === 0 || open.size >= CANDIDATE_LIMIT) break;
    const stories = await readStories(
      database,
      part.map((story) => story.number),
    );
    for (const [number, bytes] of stories) {
      if (seen.has(number) || open.size >= CANDIDATE_LIMIT) continue;
      seen.add(number);
      const { firstAt, lastAt } = readTimes(bytes);
      if (at - lastAt <= database.windowMs && firstAt - at <= database.windowMs) open.set(number, bytes);
    }
  }
  return [...open].map(([number, bytes]) => database.cache.read(number, bytes));
}

/** A story lives on in one that may have been merged in its turn. */
const MAX_HOPS = 16;

/** The stories that are there, in the order asked for; a merged one under the number of the one it lives on in. */
async function readStories(
  database: StoryDatabase,
  asked: readonly number[],
): Promise<(readonly [number: number, bytes: Buffer])[]> {
  const found = new Map<number, readonly [number: number, bytes: Buffer]>();
  let open = asked.map((number, order) => ({ number, order }));
  for (let hops = 0; hops < MAX_HOPS && open.length > 0; hops++) {
    const keys = open.flatMap(({ number }) => [`${database.prefix}:s:${number}`, `${database.prefix}:m:${number}`]);
    const values = await database.redis.mgetBuffer(...keys);
    open = open.flatMap(({ number, order }, index) => {
      const [story, target] = [values[index * 2], values[index * 2 + 1]];
      if (story) found.set(order, [number, story]);
      return !story && target ? [{ number: Number(target.toString()), order }] : [];
    });
  }
  return asked.map((_, order) => found.get(order)).filter((story) => story !== undefined);
}
