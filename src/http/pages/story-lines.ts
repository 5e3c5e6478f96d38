import { counted, type Html, html, linkOut, moment, words } from './html.ts';

/** A story in a list. */
export interface StoryLine {
  readonly id: string;
  readonly headline: string;
  readonly firstSeenAt: string;
  readonly lastArticleAt: string;
  readonly articles: number;
  /** Outlets. */
  readonly sources: number;
  readonly origins: number;
  readonly languages: readonly string[];
  readonly topics: readonly string[];
  readonly entities: readonly string[];
}

/** An article in a list. */
export interface ArticleLine {
  readonly id: string;
  readonly title: string;
  readonly lang: string;
  readonly url: string | null;
  readonly source: string;
  /** ISO 8601. */
  readonly at: string;
  readonly storyId: string;
  readonly verdict: string;
  readonly watches: readonly string[];
}

/** `14 outlets, 2 origins`: how many tell it, and how many know it by themselves. */
export function outletsAndOrigins({ sources, origins }: Pick<StoryLine, 'sources' | 'origins'>): Html {
  return html`<b>${counted(sources, 'outlet')}, ${counted(origins, 'origin')}</b>`;
}

export const storyPath = (id: string): string => `/stories/${encodeURIComponent(id)}`;
export const articlePath = (id: string): string => `/articles/${encodeURIComponent(id)}`;
export const watchPath = (id: string): string => `/watches/${encodeURIComponent(id)}`;

export function chips(names: readonly string[], most = 8): Html | null {
  if (names.length === 0) return null;
  const more = names.length > most ? html`<span class="chip">+${names.length - most}</span>` : null;
  return html`<div class="chips">${names.slice(0, most).map((name) => html`<span class="chip">${name}</span>`)}${more}</div>`;
}

export function storyList(stories: readonly StoryLine[], nowMs: number): Html {
  if (stories.length === 0)
    return html`<p class="card empty">No story yet: one begins with the first article that is judged.</p>`;
  return html`<ol class="list card">${stories.map(
    (
      story,
    ) => html`<li><a class="title" href="${storyPath(story.id)}">${words(story.headline || '(without a title)')}</a>
<div class="facts">${outletsAndOrigins(story)}<span>${counted(story.articles, 'article')}</span><span>last ${moment(story.lastArticleAt, nowMs)}</span>${
      story.languages.length > 1 ? html`<span>${story.languages.join(', ')}</span>` : null
    }</div>${chips([...story.topics, ...story.entities])}</li>`,
  )}</ol>`;
}

export function articleList(articles: readonly ArticleLine[], nowMs: number, empty: string): Html {
  if (articles.length === 0) return html`<p class="card empty">${empty}</p>`;
  return html`<ol class="list card">${articles.map(
    (
      article,
    ) => html`<li><a class="title" href="${articlePath(article.id)}">${words(article.title || '(without a title)', article.lang)}</a>
<div class="facts"><span>${words(article.source)}</span><span>${moment(article.at, nowMs)}</span><span>${article.verdict}</span>${
      article.watches.length > 0 ? html`<b>${counted(article.watches.length, 'watch', 'watches')}</b>` : null
    }<a href="${storyPath(article.storyId)}">story</a>${article.url === null ? null : linkOut(article.url, 'open ↗')}</div></li>`,
  )}</ol>`;
}
