import { hash } from 'node:crypto';
import type { BackgroundStatistics } from './background.ts';
import { type CountedTerm, countTerms, readStoryWords } from './count-terms.ts';
import { nameOrigin } from './name-origin.ts';
import { sketchText } from './sketch-text.ts';
import { spotRoundup } from './spot-roundup.ts';
import type { StoryInput } from './story.ts';
import type { StoryMember } from './story-member.ts';
import { vectorOf } from './term-vector.ts';
import { type RecentCounts, weighTerms } from './term-weights.ts';

/** An article as far as it can be read without knowing what else there is. */
export interface JoinPlan {
  readonly input: StoryInput;
  readonly storyId: string;
  readonly namedOrigin: string | null;
  /** All terms, rarest first; how often they were met of late is to be asked. */
  readonly terms: readonly CountedTerm[];
  /** Under which terms to look for stories, each with what it speaks for. */
  readonly lookups: readonly { readonly key: number; readonly rarity: number }[];
  weigh(recent: RecentCounts): WeighedArticle;
}

/** An article when it is known how common its terms are. */
export interface WeighedArticle {
  readonly member: StoryMember;
  /** The terms under which its story will be found: its heaviest. */
  readonly posted: readonly number[];
}

/** Terms asked for candidates, and terms under which an article's story is found. The asked are more: a copy cut to a third keeps a third of its rare words. */
export const LOOKUP_TERMS = 24;
const POSTED_TERMS = 12;
/** Stories that one term remembers; the last ones. As 32-bit numbers they fit the 64 bytes up to which Redis keeps a small hash packed. */
export const POSTING_LIMIT = 15;
/** Stories that are looked at: some are over. */
export const RANKED_LIMIT = 40;
/** Stories that are compared. */
export const CANDIDATE_LIMIT = 20;
/** A story is represented by its first and its last articles: what it began as, and where it is now. */
export const FIRST_MEMBERS = 4;
export const LAST_MEMBERS = 8;

/** Reads an article: its terms, its sketch, whose text it is. Pure. */
export function planJoin(input: StoryInput, background: BackgroundStatistics): JoinPlan {
  const read = readStoryWords(input);
  const host = input.source.host ?? null;
  const terms = countTerms(input, background, read);
  const sketch = sketchText(read.title, read.body);
  const namedOrigin = nameOrigin({ text: read.body.source, host });
  return {
    input,
    storyId: hash('sha256', `story ${input.id}`, 'hex').slice(0, 20),
    namedOrigin,
    terms,
    lookups: terms.slice(0, LOOKUP_TERMS).map(({ key, share }) => ({ key, rarity: -Math.log(share) })),
    weigh(recent) {
      const weighed = weighTerms(terms, recent);
      const member = {
        articleId: input.id,
        origin: namedOrigin ?? input.id,
        lang: input.lang,
        sourceId: input.source.id || host || '',
        at: input.at,
        isRoundup: spotRoundup(input.title),
        isOnSubject: input.topics.length > 0,
        terms: vectorOf(weighed),
        sketch,
      };
      return { member, posted: weighed.slice(0, POSTED_TERMS).map(({ key }) => key) };
    },
  };
}

/** Revisions of one article whose answers are kept: the first and the last ones. */
export const KEPT_REVISIONS = 4;
export const REVISION_REASON = 'the article was joined before with other words';

/** The members that stand for a story after one more; `all` as they are now, oldest first. */
export function keepMembers<Member>(all: readonly Member[]): Member[] {
  const most = FIRST_MEMBERS + LAST_MEMBERS;
  return all.length <= most ? [...all] : [...all.slice(0, FIRST_MEMBERS), ...all.slice(all.length - LAST_MEMBERS)];
}

/** Time is cut into epochs of one window; a story is found in its article's and the one before. Terms are counted by half windows. */
export function epochsOf(atMs: number, windowMs: number): { readonly epoch: number; readonly generation: number } {
  return { epoch: Math.floor(atMs / windowMs), generation: Math.floor((atMs * 2) / windowMs) };
}
/** Cells of the table of recent counts; two terms in one cell are counted together. */
export const COUNT_CELLS = 1 << 18;
