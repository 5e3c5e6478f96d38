import type { Article } from '../articles/article.ts';
import type { DeliveryJob } from '../delivery/deliver-alert.ts';

/** Each payload carries its version: during a rolling upgrade old and new code read each other's jobs. */
export const PAYLOAD_VERSION = 1;

/** `poll`: feeds of one host, claimed together; each with the claim that only its owner may complete. */
export interface PollJob {
  readonly v: typeof PAYLOAD_VERSION;
  readonly feeds: readonly { readonly feedId: string; readonly owner: string }[];
}

/** `triage`: one revision of one article. */
export interface TriageJob {
  readonly v: typeof PAYLOAD_VERSION;
  readonly article: Article;
  /** True for the backlog of a new feed: archived and joined, but it never alerts. */
  readonly quiet: boolean;
}

/** `deliver`: one alert for one subscriber. */
export interface DeliverJob extends DeliveryJob {
  readonly v: typeof PAYLOAD_VERSION;
}
