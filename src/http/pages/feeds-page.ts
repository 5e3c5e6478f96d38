import { counted, type Html, html, moment, words } from './html.ts';
import type { Page } from './page.ts';

export interface FeedRow {
  readonly id: string;
  readonly name: string;
  readonly country: string | null;
  readonly kind: string | null;
  readonly tags: readonly string[];
  readonly status: 'ok' | 'warning' | 'broken' | 'new';
  readonly problems: readonly string[];
  /** ms; null: never. */
  readonly lastNewArticleAt: number | null;
  readonly nextAt: number | null;
  readonly rhythmSec: number | null;
}

const SORTS = ['status', 'name', 'news', 'next', 'rhythm'] as const;
type Sort = (typeof SORTS)[number];
const STATUSES = ['broken', 'warning', 'new', 'ok'] as const;
const STATUS_TEXT: Readonly<Record<FeedRow['status'], string>> = {
  ok: 'in order',
  warning: 'odd',
  broken: 'broken',
  new: 'not read yet',
};
const PAGE = 100;

/** What a reader asked for; anything else counts as not said. */
export interface FeedsQuery {
  readonly status: FeedRow['status'] | null;
  /** In id, name, tags, kind and country. */
  readonly search: string;
  readonly sort: Sort;
  /** From 1. */
  readonly page: number;
}

export function readFeedsQuery(params: URLSearchParams): FeedsQuery {
  const sort = SORTS.find((one) => one === params.get('sort')) ?? 'status';
  const page = Number(params.get('page') ?? 1);
  return {
    status: STATUSES.find((one) => one === params.get('status')) ?? null,
    search: (params.get('q') ?? '').trim().slice(0, 100),
    sort,
    page: Number.isInteger(page) && page >= 1 && page <= 10_000 ? page : 1,
  };
}

const ORDER: Readonly<Record<Sort, (a: FeedRow, b: FeedRow) => number>> = {
  status: (a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status),
  name: () => 0,
  news: (a, b) => (b.lastNewArticleAt ?? 0) - (a.lastNewArticleAt ?? 0),
  next: (a, b) => (a.nextAt ?? Number.MAX_VALUE) - (b.nextAt ?? Number.MAX_VALUE),
  rhythm: (a, b) => (a.rhythmSec ?? Number.MAX_VALUE) - (b.rhythmSec ?? Number.MAX_VALUE),
};

/** The feeds that were asked for, in the order that was asked for; names break ties. */
export function chooseFeeds(rows: readonly FeedRow[], { status, search, sort }: FeedsQuery): FeedRow[] {
  const wanted = search.toLowerCase();
  return rows
    .filter((row) => status === null || row.status === status)
    .filter(({ id, name, tags, kind, country }) =>
      [id, name, ...tags, kind ?? '', country ?? ''].some((text) => text.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => ORDER[sort](a, b) || a.name.localeCompare(b.name, 'en'));
}

/** Every feed: how it does, what is odd, when it is asked next. */
export function feedsPage(rows: readonly FeedRow[], query: FeedsQuery, nowMs: number): Page {
  const chosen = chooseFeeds(rows, query);
  const shown = chosen.slice((query.page - 1) * PAGE, query.page * PAGE);
  const body = html`<h1>Feeds</h1><p class="lead">${counted(chosen.length, 'feed')}${chosen.length < rows.length ? html` of ${rows.length}` : null}.</p>
${filterForm(query)}
${shown.length === 0 ? html`<p class="card empty">None that fits.</p>` : table(shown, query, nowMs)}
${pager(query, chosen.length)}`;
  return { title: 'Feeds', at: '/feeds', body };
}

function filterForm({ status, search, sort }: FeedsQuery): Html {
  const options = STATUSES.map(
    (one) => html`<option value="${one}"${one === status ? html` selected` : ''}>${STATUS_TEXT[one]}</option>`,
  );
  return html`<form class="filter" method="get" action="/feeds"><label>State<select name="status"><option value="">any</option>${options}</select></label><label>Name, tag, kind or country<input type="search" name="q" value="${search}"></label><input type="hidden" name="sort" value="${sort}"><button type="submit">Filter</button></form>`;
}

function address(query: FeedsQuery, change: Partial<FeedsQuery>): string {
  const { status, search, sort, page } = { ...query, ...change };
  const params = new URLSearchParams({
    ...(status && { status }),
    ...(search && { q: search }),
    sort,
    ...(page > 1 && { page: String(page) }),
  });
  return `/feeds?${params}`;
}

function table(rows: readonly FeedRow[], query: FeedsQuery, nowMs: number): Html {
  const head = (sort: Sort, text: string): Html =>
    html`<th${sort === query.sort ? html` aria-sort="ascending"` : ''}><a href="${address(query, { sort, page: 1 })}"${sort === query.sort ? html` aria-sort="ascending"` : ''}>${text}${sort === query.sort ? ' ↓' : ''}</a></th>`;
  return html`<div class="card scroll"><table><thead><tr>${head('name', 'Feed')}${head('status', 'State')}${head('news', 'Last new article')}${head('next', 'Next poll')}${head('rhythm', 'Rhythm')}</tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><td>${words(row.name)}<span class="small">${[row.id, row.kind, row.country].filter(Boolean).join(' · ')}</span></td><td><span class="state ${row.status}">${STATUS_TEXT[row.status]}</span>${row.problems.map((problem) => html`<span class="small">${problem}</span>`)}</td><td>${moment(row.lastNewArticleAt, nowMs)}</td><td>${moment(row.nextAt, nowMs, 'not planned')}</td><td>${rhythm(row.rhythmSec)}</td></tr>`,
  )}</tbody></table></div>`;
}

function rhythm(sec: number | null): Html {
  if (sec === null) return html`<span class="none">unknown</span>`;
  const hours = sec / 3600;
  return html`${hours < 1 ? `every ${Math.max(1, Math.round(sec / 60))} min` : hours < 48 ? `every ${Math.round(hours)} h` : `every ${Math.round(hours / 24)} d`}`;
}

function pager(query: FeedsQuery, count: number): Html | null {
  if (count <= PAGE) return null;
  const pages = Math.ceil(count / PAGE);
  return html`<div class="pages">${query.page > 1 ? html`<a href="${address(query, { page: query.page - 1 })}">Previous</a>` : null}<span class="muted">Page ${query.page} of ${pages}</span>${query.page < pages ? html`<a href="${address(query, { page: query.page + 1 })}">Next</a>` : null}</div>`;
}
