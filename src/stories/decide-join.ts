import { JOIN_MODEL, type JoinModel } from './join-model.ts';
import { type Candidate, type Likeness, likenesses, likenessTo, logOdds, rivalsOf } from './likeness.ts';
import type { StoryMember } from './story-member.ts';

export interface JoinDecision {
  readonly verdict: 'new' | 'copy' | 'same-story';
  /** The candidate's number; null for a new story. */
  readonly story: number | null;
  readonly of: string | null;
  readonly similarity: number | null;
  readonly origin: string;
  /** Candidates that are the same story as `story` after all. The oldest of them and `story` is to survive. */
  readonly merge: readonly number[];
  readonly reason: string;
}

/** What there is beside the article's likeness to a story. */
export interface Surroundings {
  /** How many stories began in the last days. */
  readonly storiesOfLate: number;
  /** Whether the article says when it was published. */
  readonly isDated: boolean;
}

interface Judged {
  readonly likeness: Likeness;
  readonly rivals: number;
  readonly odds: number;
}

/** Comparing two stories is a dozen articles with a dozen: so many are tried, the likeliest first. */
const MOST_MERGES = 3;

/**
 * Which of the candidates the article belongs to: the story of the text it copies, else the likeliest if that is likely enough, else none. Candidates whose
 * window is over must not be among them. `namedOrigin` is the agency its text names, or null.
 */
export function decideJoin(
  article: StoryMember,
  namedOrigin: string | null,
  candidates: readonly Candidate[],
  surroundings: Surroundings,
  model: JoinModel = JOIN_MODEL,
): JoinDecision {
  const all = likenesses(article, candidates);
  const crowd = crowdOf(model, surroundings);
  const judged = all
    .map((likeness, index): Judged => {
      const rivals = rivalsOf(all, index);
      return { likeness, rivals, odds: logOdds(model, article, likeness, rivals) - crowd };
    })
    .sort((one, other) => other.odds - one.odds || one.likeness.candidate.number - other.likeness.candidate.number);
  const copied = judged
    .filter(({ likeness }) => likeness.copy !== null)
    .sort((one, other) => other.likeness.copy!.containment - one.likeness.copy!.containment)[0];
  const best = copied ?? judged[0];
  if (best === undefined || (copied === undefined && best.odds < model.join))
    return newStory(model, article, namedOrigin, best);
  const { candidate, copy, nearest } = best.likeness;
  const merge = article.isRoundup ? [] : mergesOf(model, best, judged);
  const joined = { story: candidate.number, merge };
  if (copy !== null) {
    const { member, containment } = copy;
    const origin = namedOrigin ?? member.origin;
    const reason = `${percent(containment)} of the shorter text is in ${member.articleId}`;
    return { ...joined, verdict: 'copy', of: member.articleId, similarity: rounded(containment), origin, reason };
  }
  return {
    ...joined,
    verdict: 'same-story',
    of: nearest.member.articleId,
    similarity: rounded(nearest.whole),
    origin: namedOrigin ?? article.articleId,
    reason: `log-odds ${best.odds.toFixed(2)} of the same event, ${model.join} asked for`,
  };
}

/** Log-odds lost to chance among so many stories. */
export function crowdOf(model: JoinModel, { storiesOfLate, isDated }: Surroundings): number {
  const { from, penalty } = isDated ? model.crowd : model.undated;
  return penalty * Math.max(0, Math.log(storiesOfLate / from));
}

/** The article links two stories where it belongs to both, and the articles of the other say so too. */
function mergesOf(model: JoinModel, best: Judged, judged: readonly Judged[]): number[] {
  if (best.odds < model.merge) return [];
  const { candidate } = best.likeness;
  return judged
    .filter((other) => other !== best && other.odds >= model.merge)
    .slice(0, MOST_MERGES)
    .filter((other) => {
      const others = other.likeness.candidate.members;
      const sum = others.reduce((odds, member) => {
        const likeness = likenessTo(member, candidate);
        return odds + logOdds(model, member, likeness, Math.max(best.rivals, other.rivals));
      }, 0);
      const smaller = Math.min(others.length, candidate.members.length);
      return sum / others.length >= model.mergeMembers + model.mergeGrowth * Math.log(smaller);
    })
    .map((other) => other.likeness.candidate.number);
}

function newStory(
  model: JoinModel,
  article: StoryMember,
  namedOrigin: string | null,
  best: Judged | undefined,
): JoinDecision {
  const reason =
    best === undefined
      ? 'no story of late shares its rare words'
      : `the nearest, ${best.likeness.nearest.member.articleId}, has log-odds ${best.odds.toFixed(2)}, ${model.join} asked for`;
  const origin = namedOrigin ?? article.articleId;
  return { verdict: 'new', story: null, of: null, similarity: null, origin, merge: [], reason };
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
const percent = (share: number): string => `${Math.round(share * 100)}%`;
