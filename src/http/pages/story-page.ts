import { counted, type Html, html, linkOut, moment, words } from './html.ts';
import type { Page } from './page.ts';
import { type ArticleLine, articlePath, chips, outletsAndOrigins, type StoryLine, watchPath } from './story-lines.ts';

/** An article in its story. */
export interface StoryArticle extends ArticleLine {
  /** The article it was compared with. */
  readonly of: string | null;
  readonly similarity: number | null;
  /** Whose text it is: a named agency, or an article's id; null where it is not known. */
  readonly origin: string | null;
}

export interface StoryView {
  readonly story: StoryLine;
  /** The oldest first. */
  readonly articles: readonly StoryArticle[];
  readonly watches: readonly { readonly id: string; readonly title: string }[];
  readonly nowMs: number;
}

/** A story: its articles in time, with what each was held for. */
export function storyPage({ story, articles, watches, nowMs }: StoryView): Page {
  const body = html`<h1>${words(story.headline || '(without a title)')}</h1>
<p class="lead">${outletsAndOrigins(story)} · ${counted(story.articles, 'article')} · began ${moment(story.firstSeenAt, nowMs)} · last ${moment(story.lastArticleAt, nowMs)}</p>
<div class="cols"><section><h2>Articles <span class="more muted">${articles.length < story.articles ? `${articles.length} of them kept` : ''}</span></h2>${timeline(articles, nowMs)}</section>
<div>
<section><h2>Watches that matched</h2>${
    watches.length === 0
      ? html`<p class="card empty">None.</p>`
      : html`<ul class="list card">${watches.map(({ id, title }) => html`<li><a class="title" href="${watchPath(id)}">${words(title)}</a></li>`)}</ul>`
  }</section>
<section><h2>About</h2><div class="card"><dl class="facts-list"><dt>Topics</dt><dd>${chips(story.topics, 20) ?? html`<span class="none">none</span>`}</dd><dt>Names</dt><dd>${chips(story.entities, 40) ?? html`<span class="none">none</span>`}</dd><dt>Languages</dt><dd>${story.languages.join(', ')}</dd><dt>Id</dt><dd class="mono">${story.id}</dd></dl></div></section>
</div></div>`;
  return { title: story.headline || 'Story', at: '/stories', body };
}

function timeline(articles: readonly StoryArticle[], nowMs: number): Html {
  if (articles.length === 0)
    return html`<p class="card empty">Its articles are no longer kept (retention.articles).</p>`;
  const sources = new Map(articles.map(({ id, source }) => [id, source]));
  return html`<ol class="timeline">${articles.map(
    (
      article,
    ) => html`<li class="${article.verdict === 'copy' ? 'copy' : 'own'}"><a class="title" href="${articlePath(article.id)}">${words(article.title || '(without a title)', article.lang)}</a>
<div class="facts"><span>${words(article.source)} (${article.lang})</span><span>${moment(article.at, nowMs)}</span><span>${verdictText(article, sources)}</span>${originText(article, sources)}${article.url === null ? null : linkOut(article.url, 'open ↗')}</div></li>`,
  )}</ol>`;
}

function verdictText({ verdict, of, similarity, id }: StoryArticle, sources: ReadonlyMap<string, string>): Html {
  if (verdict === 'new') return html`begins the story`;
  if (verdict === 'revision') return html`revised`;
  const other = of === null || of === id ? null : (sources.get(of) ?? 'an article no longer kept');
  const like = similarity === null ? '' : `, ${Math.round(similarity * 100)}% alike`;
  const what = verdict === 'copy' ? 'copy of' : 'same event as';
  return html`${what} ${other === null ? 'another' : words(other)}${like}`;
}

function originText({ origin, id }: StoryArticle, sources: ReadonlyMap<string, string>): Html | null {
  if (origin === null || origin === id) return html`<b>own origin</b>`;
  return html`<span>origin ${words(sources.get(origin) ?? origin)}</span>`;
}
