import type { Article } from '../articles/article.ts';
import type { DeliveryJob, DigestJob } from '../delivery/delivery-job.ts';
import type { PollCause } from '../feeds/poll-request.ts';

/** Each payload carries its version: during a rolling upgrade old and new code read each other's jobs. */
export const PAYLOAD_VERSION = 1;

/** A feed that was claimed for one poll; only the claim's owner may end it. */
export interface PollClaim {
  readonly feedId: string;
  readonly owner: string;
  /** When it was due, ms. */
  readonly dueAt: number;
  readonly cause: PollCause;
}

/** `poll`: feeds claimed together, each of another host. */
export interface PollJob {
  readonly v: typeof PAYLOAD_VERSION;
  readonly feeds: readonly PollClaim[];
}

/** `triage`: one revision of one article. */
export interface TriageJob {
  readonly v: typeof PAYLOAD_VERSION;
  readonly article: Article;
  /** True for the backlog of a new feed: archived and joined, but it never alerts. */
  readonly quiet: boolean;
}

/** `deliver`: one alert for one subscriber, or a subscriber's digest to be made. */
export type DeliverJob = { readonly v: typeof PAYLOAD_VERSION } & (DeliveryJob | DigestJob);
