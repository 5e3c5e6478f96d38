import { counted, type Html, html, moment, words } from './html.ts';
import type { Page } from './page.ts';
import { type ArticleLine, articleList, type StoryLine, storyList, storyPath, watchPath } from './story-lines.ts';

/** A screen on a wall asks again each minute. */
const REFRESH_SEC = 60;

export interface OverviewView {
  readonly nowMs: number;
  readonly refreshes: boolean;
  /** What an operator should look at. */
  readonly attention: readonly { readonly bad: boolean; readonly text: string; readonly details: readonly string[] }[];
  readonly feeds: Readonly<Record<'ok' | 'warning' | 'broken' | 'new', number>>;
  /** Articles in the archive. */
  readonly articles: number;
  readonly watches: number;
  /** Those with a topic. */
  readonly stories: readonly StoryLine[];
  readonly latest: readonly ArticleLine[];
  readonly alerts: readonly AlertLine[];
  readonly queues: readonly QueueLine[];
  readonly endpoints: readonly EndpointLine[];
}

/** An alert, before any subscriber's limits. `text`: of a notice. */
export interface AlertLine {
  readonly type: string;
  readonly at: string;
  readonly text: string;
  readonly storyId: string | null;
  readonly watch: { readonly id: string; readonly title: string } | null;
  readonly change: readonly string[];
}

export interface QueueLine {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

export interface EndpointLine {
  readonly id: string;
  readonly format: string;
  readonly status: 'up' | 'failing' | 'paused' | 'disabled' | 'off';
  /** Why it is not up. */
  readonly reason: string;
  readonly pending: number;
  readonly dead: number;
}

/** The first page: what needs attention, what the news is, how the work goes. */
export function overviewPage(view: OverviewView): Page {
  const { nowMs } = view;
  const body = html`<h1>Overview</h1><p class="lead">${counted(view.watches, 'watch', 'watches')} over ${counted(sum(view.feeds), 'feed')}. ${view.refreshes ? html`<a href="/">Stop refreshing</a>` : html`<a href="/?refresh=1">Refresh each minute</a>`}</p>
${view.attention.map(banner)}
<div class="tiles">${tiles(view)}</div>
<div class="cols"><div>
<section><h2>Stories on the subject <a href="/stories">All stories</a></h2>${storyList(view.stories, nowMs)}</section>
<section><h2>Last articles</h2>${articleList(view.latest, nowMs, 'No article yet.')}</section>
</div><div>
<section><h2>Alerts</h2>${alertList(view.alerts, nowMs)}</section>
<section><h2>Subscribers</h2>${endpointTable(view.endpoints)}</section>
<section><h2>Queues</h2>${queueTable(view.queues)}</section>
</div></div>`;
  return { title: 'Overview', at: '/', body, ...(view.refreshes && { refreshSec: REFRESH_SEC }) };
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

function banner({ bad, text, details }: OverviewView['attention'][number]): Html {
  return html`<div class="banner${bad ? ' grave' : ''}"><p>${text}</p>${details.length > 0 ? html`<p>${details.join('\n')}</p>` : null}</div>`;
}

function tiles({ feeds, articles, endpoints, queues }: OverviewView): Html[] {
  const pending = endpoints.reduce((all, one) => all + one.pending, 0);
  const dead = endpoints.reduce((all, one) => all + one.dead, 0);
  const failed = queues
    .filter(({ name }) => name === 'triage' || name === 'matches')
    .reduce((all, one) => all + one.failed, 0);
  const waiting = queues
    .filter(({ name }) => name === 'poll' || name === 'triage')
    .reduce((all, one) => all + one.waiting + one.active, 0);
  const troubled = [
    feeds.broken > 0 ? `${feeds.broken} broken` : '',
    feeds.warning > 0 ? `${feeds.warning} odd` : '',
    feeds.new > 0 ? `${feeds.new} not read yet` : '',
  ].filter((one) => one !== '');
  return [
    html`<a class="tile" href="/feeds"><span class="label">Feeds in order</span><div class="figure">${feeds.ok} <span class="muted small">of ${sum(feeds)}</span></div>${shareBar(feeds)}<span class="note">${troubled.join(', ') || 'all answer'}</span></a>`,
    html`<div class="tile"><span class="label">Articles kept</span><div class="figure">${articles.toLocaleString('en')}</div><span class="note">${counted(waiting, 'job')} under way</span></div>`,
    html`<div class="tile"><span class="label">Deliveries waiting</span><div class="figure">${pending}</div><span class="note">${dead === 0 ? 'none given up' : html`<span class="bad">${dead} given up</span>: attache deliveries retry`}</span></div>`,
    html`<div class="tile"><span class="label">Dead letter</span><div class="figure${failed > 0 ? ' bad' : ''}">${failed}</div><span class="note">${failed === 0 ? 'every article was judged' : 'attache dead-letter list'}</span></div>`,
  ];
}

function shareBar(feeds: OverviewView['feeds']): Html {
  const all = Math.max(1, sum(feeds));
  let x = 0;
  const parts = (['ok', 'warning', 'broken', 'new'] as const).map((state) => {
    const width = (feeds[state] / all) * 100;
    const part = html`<rect class="fill-${state}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="6"/>`;
    x += width;
    return part;
  });
  return html`<svg class="bar-of" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function alertList(alerts: readonly AlertLine[], nowMs: number): Html {
  if (alerts.length === 0)
    return html`<p class="card empty">No alert yet. A watch that matches makes the first one.</p>`;
  return html`<ol class="list card">${alerts.map(({ type, at, text, storyId, watch, change }) => {
    const title =
      storyId === null
        ? html`<span class="title">${words(text)}</span>`
        : html`<a class="title" href="${storyPath(storyId)}">${words(text)}</a>`;
    return html`<li>${title}<div class="facts"><span>${type}</span>${watch === null ? null : html`<a href="${watchPath(watch.id)}">${words(watch.title)}</a>`}<span>${moment(at, nowMs)}</span>${change.length > 0 ? html`<span>${change.join(', ')}</span>` : null}</div></li>`;
  })}</ol>`;
}

const ENDPOINT: Readonly<Record<EndpointLine['status'], readonly [css: string, text: string]>> = {
  up: ['ok', 'up'],
  failing: ['warn', 'failing'],
  paused: ['bad', 'paused'],
  disabled: ['bad', 'gone'],
  off: ['new', 'off'],
};

function endpointTable(endpoints: readonly EndpointLine[]): Html {
  if (endpoints.length === 0)
    return html`<p class="card empty">No subscriber in subscribers.yaml: alerts go to the queue “matches” alone.</p>`;
  return html`<div class="card scroll"><table><thead><tr><th>Subscriber</th><th>State</th><th class="num">Waiting</th><th class="num">Given up</th></tr></thead><tbody>${endpoints.map(
    ({ id, format, status, reason, pending, dead }) => {
      const [css, label] = ENDPOINT[status];
      return html`<tr><td>${id}<span class="small">${format}</span></td><td><span class="state ${css}">${label}</span><span class="small">${reason}</span></td><td class="num">${pending}</td><td class="num${dead > 0 ? ' bad' : ''}">${dead}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function queueTable(queues: readonly QueueLine[]): Html {
  return html`<div class="card scroll"><table><thead><tr><th>Queue</th><th class="num">Waiting</th><th class="num">Active</th><th class="num">Later</th><th class="num">Failed</th></tr></thead><tbody>${queues.map(
    ({ name, waiting, active, delayed, failed }) =>
      html`<tr><td>${name}</td><td class="num">${waiting}</td><td class="num">${active}</td><td class="num">${delayed}</td><td class="num">${failed}</td></tr>`,
  )}</tbody></table></div>`;
}
