import type { Alert } from '../../src/alerts/alert-schema.ts';
import { hashUrl } from '../../src/delivery/endpoint-watch.ts';
import { feedHealth } from '../../src/feeds/feed-health.ts';
import type { AlertLine, EndpointLine, OverviewView, QueueLine } from '../../src/http/pages/overview-page.ts';
import { QUEUES } from '../../src/queues/queues.ts';
import type { Context } from '../context.ts';
import { tickLateness } from '../tick.ts';
import { articleLine } from './article-lines.ts';

const STORIES_SHOWN = 12;
const ARTICLES_SHOWN = 10;
const ALERTS_SHOWN = 10;
const ENDPOINTS_SHOWN = 50;

/** What the overview shows: a bounded number of reads, whatever the store holds. */
export async function overviewView(
  context: Context,
  startedMs: number,
  nowMs: number,
): Promise<Omit<OverviewView, 'refreshes'>> {
  const { stores, current } = context;
  const [states, articles, stories, latest, alerts, queues, endpoints, lateMs] = await Promise.all([
    stores.feeds.readStates([...current.feeds.values()]),
    stores.archive.count(),
    stores.recent.stories({ onSubject: true, limit: STORIES_SHOWN }),
    stores.archive.newest(ARTICLES_SHOWN),
    lastAlerts(context),
    Promise.all(QUEUES.map((name) => queueLine(context, name))),
    Promise.all(current.config.subscribers.slice(0, ENDPOINTS_SHOWN).map(({ id }) => endpointLine(context, id))),
    tickLateness(context, startedMs),
  ]);
  const feeds = { ok: 0, warning: 0, broken: 0, new: 0 };
  for (const state of states.values()) feeds[feedHealth(state, nowMs).status]++;
  return {
    nowMs,
    attention: attentionOf(context, endpoints, lateMs),
    feeds,
    articles,
    watches: current.config.watches.length,
    stories,
    latest: latest.map(articleLine),
    alerts,
    queues,
    endpoints,
  };
}

function attentionOf(
  { configState: { refused, waiting, loadedMs, unplanned } }: Context,
  endpoints: readonly EndpointLine[],
  lateMs: number | null,
): OverviewView['attention'] {
  const attention: { bad: boolean; text: string; details: readonly string[] }[] = [];
  if (refused !== null) {
    const text = `The config files have mistakes. What runs is the config of ${new Date(loadedMs).toISOString()}.`;
    attention.push({ bad: true, text, details: refused.problems.slice(0, 20) });
  }
  if (unplanned) {
    attention.push({ bad: true, text: 'The feeds of the new config are not planned yet: see the log.', details: [] });
  }
  if (waiting.length > 0) {
    attention.push({
      bad: false,
      text: `Changed in attache.yaml, in force from the next start: ${waiting.join(', ')}.`,
      details: [],
    });
  }
  if (lateMs !== null) {
    attention.push({
      bad: true,
      text: `No feed has been looked for since ${Math.round(lateMs / 1000)} s: is a worker with the role “schedule” up?`,
      details: [],
    });
  }
  for (const { id, status, reason } of endpoints) {
    if (status === 'paused' || status === 'disabled')
      attention.push({
        bad: true,
        text: `The endpoint of ${id} is ${status === 'paused' ? 'paused' : 'gone'}: ${reason}`,
        details: [],
      });
  }
  return attention;
}

async function queueLine({ stores }: Context, name: (typeof QUEUES)[number]): Promise<QueueLine> {
  const {
    waiting = 0,
    active = 0,
    delayed = 0,
    failed = 0,
  } = await stores.queues[name].getJobCounts('waiting', 'active', 'delayed', 'failed');
  return { name, waiting, active, delayed, failed };
}

async function endpointLine({ stores, current }: Context, id: string): Promise<EndpointLine> {
  const [{ state }, { pending, dead }] = await Promise.all([stores.endpoints.read(id), stores.deliveries.counts(id)]);
  const settings = current.subscribers.get(id);
  const shared = { id, format: settings?.format ?? '', pending, dead };
  if (settings === undefined || settings.url === '') return { ...shared, status: 'off', reason: 'its url is empty' };
  if (state === null || state.urlHash !== hashUrl(settings.url)) return { ...shared, status: 'up', reason: '' };
  const { status, failures, lastReason } = state;
  return { ...shared, status: status === 'up' && failures > 0 ? 'failing' : status, reason: lastReason };
}

/** The last alerts on the queue `matches`, taken by a consumer or not. */
async function lastAlerts({ stores }: Context): Promise<AlertLine[]> {
  const jobs: ({ readonly data: Alert } | undefined)[] = await stores.queues.matches.getJobs(
    ['waiting', 'active', 'completed'],
    0,
    ALERTS_SHOWN - 1,
  );
  return jobs
    .flatMap((job) => (job === undefined ? [] : [alertLine(job.data)]))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, ALERTS_SHOWN);
}

function alertLine(alert: Alert): AlertLine {
  const { type, timestamp: at } = alert;
  if (alert.type === 'story.matched' || alert.type === 'story.updated') {
    const { story, watch, change } = alert.data;
    return { type, at, text: story.headline || alert.data.article.title, storyId: story.id, watch, change };
  }
  return {
    type,
    at,
    text: 'message' in alert.data ? alert.data.message : type,
    storyId: null,
    watch: null,
    change: [],
  };
}
