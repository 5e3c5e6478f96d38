import type { Article } from '../articles/article.ts';
import type { StorySummary } from '../stories/story.ts';
import type { Evidence } from '../text/evidence.ts';
import {
  type AlsoMatched,
  type Digest,
  type DigestEntry,
  type Notice,
  type Ping,
  SCHEMA_VERSION,
  type StoryAlert,
} from './alert-schema.ts';
import { bodyBytes, fitBody, MAX_BODY_BYTES } from './fit-body.ts';
import type { StoryEvent } from './lifecycle.ts';
import { safeText, safeUrl } from './safe-text.ts';
import { sentEvidence } from './sent-evidence.ts';

const MAX_TITLE = 300;
const MAX_SUMMARY = 2_000;
const MAX_LIST = 80;

export interface AlertParts {
  readonly alertId: string;
  readonly sequence: number;
  readonly event: StoryEvent;
  readonly changes: readonly string[];
  /** When the alert was claimed, ms since the epoch: the same when a step is run again. */
  readonly atMs: number;
  readonly watch: { readonly id: string; readonly title: string };
  readonly story: StorySummary;
  /** Stories that live on in this one since this article joined. */
  readonly merged?: readonly string[];
  readonly article: Article;
  readonly evidence: readonly Evidence[];
  readonly configHash: string;
}

/** An alert's body, without any subscriber's settings: also the data of the job on the queue `matches`. At most `MAX_BODY_BYTES`. */
export function buildAlert(parts: AlertParts): StoryAlert {
  const { article, story } = parts;
  const title = safeText(article.title, MAX_TITLE);
  const summary = safeText(article.summary, MAX_SUMMARY);
  const spans = sentEvidence(parts.evidence, article, { title, summary });
  const merged = parts.merged ?? [];
  return fitBody({
    type: parts.event,
    schemaVersion: SCHEMA_VERSION,
    timestamp: new Date(parts.atMs).toISOString(),
    data: {
      alertId: parts.alertId,
      sequence: parts.sequence,
      watch: { id: parts.watch.id, title: safeText(parts.watch.title, MAX_TITLE).text },
      change: [...parts.changes],
      story: {
        id: story.id,
        headline: safeText(story.headline, MAX_TITLE).text,
        firstSeenAt: story.firstSeenAt,
        lastArticleAt: story.lastArticleAt,
        articles: story.articles,
        sources: story.sources,
        origins: story.origins,
        languages: story.languages.slice(0, MAX_LIST),
        topics: story.topics.slice(0, MAX_LIST),
        entities: story.entities.slice(0, MAX_LIST),
        ...(merged.length > 0 ? { merged: merged.slice(0, MAX_LIST) } : {}),
      },
      article: {
        id: article.id,
        url: safeUrl(article.url),
        title: title.text,
        summary: summary.text,
        source: {
          id: article.source.id,
          name: safeText(article.source.name, MAX_TITLE).text,
          kind: article.source.kind,
          country: article.source.country,
        },
        publishedAt: article.publishedAt,
        lang: article.lang,
      },
      evidence: spans.evidence,
      ...(spans.dropped ? { truncated: true } : {}),
      configHash: parts.configHash,
    },
  });
}

/** One delivery for an article that matched several watches: the first alert's body, the others named within it. */
export function withAlsoMatched(alert: StoryAlert, others: readonly StoryAlert[]): StoryAlert {
  if (others.length === 0) return alert;
  const alsoMatched = others.map(
    ({ type, data }): AlsoMatched => ({
      id: data.watch.id,
      title: data.watch.title,
      evidence: data.evidence,
      alertId: data.alertId,
      sequence: data.sequence,
      type,
      change: data.change,
    }),
  );
  return fitBody({ ...alert, data: { ...alert.data, alsoMatched } });
}

/** A ping that shows an operator whether an endpoint takes and verifies alerts. */
export function buildPing(ping: {
  readonly alertId: string;
  readonly subscriber: string;
  readonly atMs: number;
}): Ping {
  return {
    type: 'test.ping',
    schemaVersion: SCHEMA_VERSION,
    timestamp: new Date(ping.atMs).toISOString(),
    data: {
      alertId: ping.alertId,
      subscriber: ping.subscriber,
      message: 'A test of this endpoint; nothing has happened.',
    },
  };
}

/** Something about the watching itself that a subscriber should know. */
export function buildNotice(notice: Notice['data'] & { readonly atMs: number }): Notice {
  const { atMs, ...data } = notice;
  return {
    type: 'notice',
    schemaVersion: SCHEMA_VERSION,
    timestamp: new Date(atMs).toISOString(),
    data: { ...data, message: safeText(data.message, MAX_SUMMARY).text },
  };
}

/** What a digest says of an alert that was held back. */
export function digestEntry(alert: StoryAlert): DigestEntry {
  const { alertId, sequence, watch, change, story, article, alsoMatched } = alert.data;
  return {
    alertId,
    sequence,
    type: alert.type,
    timestamp: alert.timestamp,
    watch,
    change,
    story: {
      id: story.id,
      headline: story.headline,
      articles: story.articles,
      sources: story.sources,
      origins: story.origins,
    },
    article: { id: article.id, url: article.url, title: article.title, source: article.source.id },
    ...(alsoMatched === undefined ? {} : { alsoMatched: alsoMatched.map(({ id, title }) => ({ id, title })) }),
  };
}

/** Digests that hold all entries, in as many parts as their size needs. `idOfPart` gives each part's alert id. */
export function buildDigests(digest: {
  readonly entries: readonly DigestEntry[];
  readonly reasons: readonly string[];
  readonly atMs: number;
  readonly configHash: string;
  readonly idOfPart: (part: number) => string;
}): Digest[] {
  const parts: DigestEntry[][] = [];
  // The envelope without entries takes well under a kilobyte.
  const room = MAX_BODY_BYTES - 1_000;
  let used = room;
  for (const entry of digest.entries) {
    const size = bodyBytes(entry) + 1;
    if (used + size > room) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)?.push(entry);
    used += size;
  }
  return parts.map((alerts, index) => ({
    type: 'digest',
    schemaVersion: SCHEMA_VERSION,
    timestamp: new Date(digest.atMs).toISOString(),
    data: {
      alertId: digest.idOfPart(index + 1),
      reasons: [...digest.reasons],
      part: index + 1,
      parts: parts.length,
      alerts,
      configHash: digest.configHash,
    },
  }));
}
