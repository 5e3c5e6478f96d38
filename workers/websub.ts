import { randomBytes } from 'node:crypto';
import type { DueFeeds } from '../src/feeds/due-feeds.ts';
import type { FeedState } from '../src/feeds/feed-state.ts';
import type { FetchOutcome } from '../src/feeds/fetch-feed.ts';
import { handleWebsub, leaveHubs, subscribe } from '../src/feeds/websub.ts';
import type { WebsubStore } from '../src/feeds/websub-store.ts';
import { hubOffer } from '../src/feeds/websub-subscription.ts';
import { type Route, text } from '../src/http/http-server.ts';
import type { HttpClient } from '../src/net/http-client.ts';
import type { Logger } from './logger.ts';

/** WebSub (W3C) for this installation: asks hubs to push, and takes their pushes as "poll now". */
export interface Websub {
  /** Subscribes where the feed just read offers a hub and it is time. Never throws: polling goes on without a hub. */
  offer(feedId: string, outcome: FetchOutcome, state: FeedState): Promise<void>;
  /** Leaves the hubs of feeds that are not among these. Never throws. */
  keepOnly(feedIds: ReadonlySet<string>): Promise<void>;
  readonly routes: readonly Route[];
}

/** `publicUrl`: where the world reaches this process's HTTP side, without a trailing slash. */
export async function createWebsub(deps: {
  readonly publicUrl: string;
  readonly store: WebsubStore;
  readonly due: Pick<DueFeeds, 'push'>;
  readonly client: HttpClient;
  readonly now: () => number;
  readonly log: Logger;
}): Promise<Websub> {
  const { store, client, now, log } = deps;
  const key = await store.key(randomBytes(32).toString('base64url'));
  const websub = { subscriptions: store, key, now };
  const callback = `${deps.publicUrl}/websub`;
  const route = (method: 'GET' | 'POST'): Route => ({
    method,
    path: '/websub/:feed/:token',
    access: 'own',
    async handle({ params, url, headers, body }) {
      const answer = await handleWebsub(
        { ...websub, push: deps.due.push },
        {
          method,
          path: `${params.feed}/${params.token}`,
          query: url.searchParams,
          headers: headers as Readonly<Record<string, string | undefined>>,
          body,
        },
      );
      return text(answer.status, answer.body);
    },
  });
  return {
    async offer(feedId, outcome, state) {
      try {
        const isWhole = outcome.kind === 'body';
        const link = isWhole ? outcome.headers.link : undefined;
        const offer = hubOffer(link, state.hints, state.url);
        const { asked, reason } = await subscribe({ ...websub, client }, { feedId, offer, isWhole, callback });
        if (asked) log.info({ feed: feedId, hub: offer?.hub, reason }, 'asked the hub');
      } catch (error) {
        log.warn({ feed: feedId, err: error }, 'the hub could not be asked; the feed is polled as before');
      }
    },
    async keepOnly(feedIds) {
      try {
        const left = await leaveHubs({ ...websub, client }, { feedIds, callback });
        if (left.length > 0) log.info({ feeds: left }, 'left the hubs of feeds that are not configured any more');
      } catch (error) {
        log.warn({ err: error }, 'hubs of earlier feeds could not be left; their pushes are refused');
      }
    },
    routes: [route('GET'), route('POST')],
  };
}
