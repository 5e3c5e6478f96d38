import { highlight, type Span } from './highlight.ts';
import { type Html, html, linkOut, moment, words } from './html.ts';
import type { Page } from './page.ts';
import { storyPath, watchPath } from './story-lines.ts';

/** What became of one clause of a query, and of those within it. */
export interface ClauseLine {
  readonly holds: boolean;
  readonly text: string;
  /** The words that made it hold, or what the article has in its place. */
  readonly why: string;
  readonly parts: readonly ClauseLine[];
}

export interface ArticleView {
  readonly nowMs: number;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly lang: string;
  readonly url: string | null;
  readonly source: { readonly name: string; readonly kind: string | null; readonly country: string | null };
  readonly author: string | null;
  readonly publishedAt: string | null;
  readonly seenAt: string;
  readonly spans: Readonly<Record<'title' | 'summary' | 'text', readonly Span[]>>;
  readonly way: {
    readonly storyId: string;
    readonly verdict: string;
    readonly similarity: number | null;
    readonly configHash: string;
  };
  /** By the configuration as it is now. */
  readonly topics: readonly {
    readonly id: string;
    readonly score: number;
    readonly given: boolean;
    readonly terms: readonly string[];
  }[];
  readonly entities: readonly { readonly id: string; readonly type: string; readonly texts: readonly string[] }[];
  readonly watches: readonly {
    readonly id: string;
    readonly title: string;
    readonly missing: number;
    /** In a few words, where it does not match. */
    readonly lacks: string;
    readonly tree: ClauseLine;
  }[];
  /** Watches that were not asked, since there are too many. */
  readonly notAsked: number;
}

const SHOWN_TEXT = 8000;

/** An article with the words that it was judged by, and why each watch matched or did not. */
export function articlePage(view: ArticleView): Page {
  const { title, summary, text, lang, spans, nowMs } = view;
  const cut = text.slice(0, SHOWN_TEXT);
  const inText = spans.text.filter(({ end }) => end <= cut.length);
  const body = html`<h1><bdi>${title === '' ? '(without a title)' : highlight(title, spans.title)}</bdi></h1>
<p class="lead">${words(view.source.name)}${view.source.kind === null ? null : html` (${view.source.kind})`} · ${view.publishedAt === null ? 'undated' : html`published ${moment(view.publishedAt, nowMs)}`} · first seen ${moment(view.seenAt, nowMs)} · ${lang}${view.url === null ? null : html` · ${linkOut(view.url, 'open the article ↗')}`}</p>
<div class="cols"><div>
<section class="prose">${summary === '' ? null : html`<p><bdi>${highlight(summary, spans.summary)}</bdi></p>`}${
    cut === '' || cut === summary
      ? null
      : html`<p><bdi>${highlight(cut, inText)}</bdi>${cut.length < text.length ? ' …' : ''}</p>`
  }<p class="muted small"><mark>words a watch matched</mark> <mark class="tag">words of topics and names</mark></p></section>
<section><h2>Watches <span class="more muted">by the config as it is now</span></h2>${watchList(view)}</section>
</div><div>
<section><h2>Story</h2><div class="card"><dl class="facts-list"><dt>Story</dt><dd><a href="${storyPath(view.way.storyId)}">${view.way.storyId}</a></dd><dt>Verdict</dt><dd>${view.way.verdict}${view.way.similarity === null ? null : html`, ${Math.round(view.way.similarity * 100)}% alike`}</dd><dt>Judged with</dt><dd class="mono">${view.way.configHash.slice(0, 12)}</dd></dl></div></section>
<section><h2>Topics</h2>${topicList(view.topics)}</section>
<section><h2>Names</h2>${entityList(view.entities)}</section>
</div></div>`;
  return { title: title || 'Article', at: '/stories', body };
}

function topicList(topics: ArticleView['topics']): Html {
  const shown = topics.filter(({ given, score }) => given || score >= 0.05).slice(0, 12);
  if (shown.length === 0) return html`<p class="card empty">None scores 0.05 or more.</p>`;
  return html`<div class="card">${shown.map(
    ({ id, score, given, terms }) =>
      html`<div class="meter"><span>${given ? html`<b>${id}</b>` : html`<span class="muted">${id} (under its threshold)</span>`}</span><b>${score.toFixed(2)}</b><svg class="bar-of" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="${given ? 'fill' : 'fill-new'}" x="0" y="0" width="${(score * 100).toFixed(1)}" height="6"/></svg><span class="small">${terms.slice(0, 6).join(', ')}</span></div>`,
  )}</div>`;
}

function entityList(entities: ArticleView['entities']): Html {
  if (entities.length === 0) return html`<p class="card empty">None.</p>`;
  return html`<ul class="list card">${entities
    .slice(0, 60)
    .map(
      ({ id, type, texts }) =>
        html`<li>${id} <span class="muted small">${type}</span><div class="small muted">${words(texts.slice(0, 6).join(', '))}</div></li>`,
    )}</ul>`;
}

function watchList({ watches, notAsked }: ArticleView): Html {
  const more =
    notAsked > 0
      ? html`<p class="muted small">${notAsked.toLocaleString('en')} more watches do not match; attache explain asks each.</p>`
      : null;
  if (watches.length === 0) return html`<p class="card empty">No watch to ask.</p>${more}`;
  return html`<div class="card">${watches.map(
    ({ id, title, missing, lacks, tree }) =>
      html`<details${missing === 0 ? html` open` : ''}><summary><span class="${missing === 0 ? 'yes' : 'no'}">${missing === 0 ? '✓' : '✗'}</span>${words(title)} <span class="muted small">${missing === 0 ? 'matches' : lacks}</span></summary>${clauseTree([tree])}<p class="small muted tree"><a href="${watchPath(id)}">This watch</a></p></details>`,
  )}</div>${more}`;
}

function clauseTree(clauses: readonly ClauseLine[]): Html {
  return html`<ul class="tree">${clauses.map(
    ({ holds, text, why, parts }) =>
      html`<li><span class="${holds ? 'yes' : 'no'}">${holds ? '✓' : '✗'}</span><code>${text}</code> <span class="muted">${words(why)}</span>${parts.length > 0 ? clauseTree(parts) : null}</li>`,
  )}</ul>`;
}
