import { counted, type Html, html, moment, words } from './html.ts';
import type { Page } from './page.ts';
import { type ArticleLine, articleList, watchPath } from './story-lines.ts';

/** A feed that a watch names, and whether news comes from it. */
export interface CoveredSource {
  readonly id: string;
  readonly name: string;
  /** Why nothing comes; null where it does. */
  readonly silent: string | null;
}

export interface WatchRow {
  readonly id: string;
  readonly title: string;
  readonly notify: readonly string[];
  /** ms; null: not lately. */
  readonly lastMatchAt: number | null;
  /** Null for a watch that takes news from anywhere. */
  readonly sources: readonly CoveredSource[] | null;
}

export const WATCHES_A_PAGE = 100;

/** The watches, with their last matches and how many of their sources are heard. `count`: of all that fit. */
export function watchesPage(
  rows: readonly WatchRow[],
  asked: { readonly search: string; readonly page: number; readonly count: number },
  nowMs: number,
): Page {
  const { search, page, count } = asked;
  const to = (number: number): string =>
    `/watches?${new URLSearchParams({ ...(search && { q: search }), page: String(number) })}`;
  const body = html`<h1>Watches</h1><p class="lead">${counted(count, 'watch', 'watches')}.</p>
<form class="filter" method="get" action="/watches"><label>Title or id<input type="search" name="q" value="${search}"></label><button type="submit">Filter</button></form>
${rows.length === 0 ? html`<p class="card empty">None that fits.</p>` : table(rows, nowMs)}
<div class="pages">${page > 1 ? html`<a href="${to(page - 1)}">Previous</a>` : null}${page * WATCHES_A_PAGE < count ? html`<a href="${to(page + 1)}">Next</a>` : null}</div>`;
  return { title: 'Watches', at: '/watches', body };
}

function table(rows: readonly WatchRow[], nowMs: number): Html {
  return html`<div class="card scroll"><table><thead><tr><th>Watch</th><th>Last match</th><th>Sources heard</th><th>Tells</th></tr></thead><tbody>${rows.map(
    ({ id, title, lastMatchAt, sources, notify }) =>
      html`<tr><td><a href="${watchPath(id)}">${words(title)}</a><span class="small">${id}</span></td><td>${moment(lastMatchAt, nowMs, 'not lately')}</td><td>${coverage(sources)}</td><td>${notify.join(', ') || html`<span class="none">the queue alone</span>`}</td></tr>`,
  )}</tbody></table></div>`;
}

function coverage(sources: WatchRow['sources']): Html {
  if (sources === null) return html`<span class="none">any</span>`;
  const heard = sources.filter(({ silent }) => silent === null).length;
  const css = heard === sources.length ? 'ok' : heard === 0 ? 'bad' : 'warn';
  return html`<span class="state ${css}">${heard} of ${sources.length}</span>`;
}

export interface WatchView extends WatchRow {
  readonly query: string;
  /** The newest first. */
  readonly matches: readonly ArticleLine[];
  readonly nowMs: number;
}

/** One watch: its query, its last matches, its sources. */
export function watchPage(view: WatchView): Page {
  const { id, title, query, notify, matches, sources, nowMs } = view;
  const body = html`<h1>${words(title)}</h1><p class="lead"><span class="mono">${id}</span> · tells ${notify.join(', ') || 'the queue “matches” alone'}</p>
<div class="cols"><section><h2>Last matches</h2>${articleList(matches, nowMs, 'Nothing matched lately. attache backtest tries the watch on the archive.')}</section>
<div><section><h2>Query</h2><div class="card"><pre>${query}</pre></div></section>
<section><h2>Sources <span class="more">${coverage(sources)}</span></h2>${sources === null ? html`<p class="card empty">It names none: news from any feed counts.</p>` : sourceList(sources)}</section></div></div>`;
  return { title, at: '/watches', body };
}

function sourceList(sources: readonly CoveredSource[]): Html {
  const sorted = [...sources].sort((a, b) => Number(b.silent !== null) - Number(a.silent !== null));
  return html`<ul class="list card">${sorted
    .slice(0, 100)
    .map(
      ({ id, name, silent }) =>
        html`<li>${words(name)} <span class="muted small">${id}</span><div class="small">${silent === null ? html`<span class="state ok">heard</span>` : html`<span class="state bad">silent</span> <span class="muted">${silent}</span>`}</div></li>`,
    )}</ul>`;
}
