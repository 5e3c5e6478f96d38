import type { Alert } from '../src/alerts/alert-schema.ts';
import type { Article, Source } from '../src/articles/article.ts';
import type { FeedSettings } from '../src/config/feeds-schema.ts';
import type { SubscriberSettings } from '../src/config/subscribers-schema.ts';
import type { Endpoint } from '../src/delivery/deliver-alert.ts';
import { RENDERERS } from '../src/delivery/formats/render-alert.ts';
import { createSigner } from '../src/delivery/sign.ts';
import { type SubscriberLimits, wantsAlert } from '../src/delivery/subscriber-limits.ts';
import { judgeArticle } from '../src/triage/judge-article.ts';
import { feedsNamed, namedSources } from '../src/watches/watch-sources.ts';
import type { LoadedConfig } from './load-knowledge.ts';
import type { PolledFeed } from './poll.ts';
import type { Judge } from './triage.ts';

/** One configuration in the shapes that the processors ask for. Made as a whole, exchanged as a whole. */
export interface RunningConfig extends LoadedConfig {
  readonly judge: Judge;
  readonly feeds: ReadonlyMap<string, PolledFeed>;
  /** Subscribers that are on. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly subscribers: ReadonlyMap<string, SubscriberSettings>;
  /** Ids of the feeds that a watch names by `source:`; missing where it takes news from anywhere. */
  readonly sourcesOf: ReadonlyMap<string, readonly string[]>;
  /** The subscribers of a watch that are on. */
  notify(watchId: string): readonly string[];
  /** Whether a subscriber's settings want an alert at all. */
  wants(subscriberId: string, alert: Alert): boolean;
}

/** Throws SecretError for a secret that passed the schema but cannot sign. */
export function runConfig(loaded: LoadedConfig): RunningConfig {
  const { config, knowledge } = loaded;
  const watches = new Map(config.watches.map((watch) => [watch.id, watch]));
  const on = config.subscribers.filter((one) => one.url !== '');
  const endpoints = new Map(on.map((one) => [one.id, endpointOf(one)]));
  return {
    ...loaded,
    judge: { configHash: config.hash, watches, judge: (article: Article) => judgeArticle(knowledge, article) },
    feeds: new Map(config.feeds.map((feed) => [feed.id, polledFeed(feed)])),
    endpoints,
    sourcesOf: new Map(
      config.watches.flatMap(({ id, query }) => {
        const names = namedSources(query, config.terms);
        return names.size === 0 ? [] : [[id, feedsNamed(names, config.feeds)] as const];
      }),
    ),
    subscribers: new Map(config.subscribers.map((one) => [one.id, one])),
    notify: (watchId) => (watches.get(watchId)?.notify ?? []).filter((id) => endpoints.has(id)),
    wants: (id, alert) => wantsAlert(endpoints.get(id)?.limits ?? {}, alert),
  };
}

/** The secrets of a subscriber, the current one first; none where it has none. */
export function secretsOf(subscriber: Pick<SubscriberSettings, 'secret'>): readonly string[] {
  return [subscriber.secret].flat().filter((one) => one !== '');
}

function endpointOf(subscriber: SubscriberSettings): Endpoint {
  const secrets = secretsOf(subscriber);
  return {
    url: subscriber.url,
    signer: secrets.length > 0 ? createSigner(secrets) : null,
    render: RENDERERS[subscriber.format],
    limits: limitsOf(subscriber),
    fallback: subscriber.fallback,
  };
}

function limitsOf({ only, changes, maxUpdatesPerHour, quietHours, every }: SubscriberSettings): SubscriberLimits {
  return { only, changes, maxUpdatesPerHour, quietHours, digestEverySec: every };
}

function polledFeed(feed: FeedSettings): PolledFeed {
  return {
    id: feed.id,
    url: feed.url,
    every: feed.every,
    userAgent: feed.userAgent,
    headers: feed.headers,
    source: sourceOf(feed),
  };
}

export function sourceOf({ id, name, kind, country, tags }: FeedSettings): Source {
  return { id, name: name ?? id, kind: kind ?? null, country: country ?? null, tags };
}
