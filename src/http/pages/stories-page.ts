import { type Html, html } from './html.ts';
import type { Page } from './page.ts';
import { type StoryLine, storyList } from './story-lines.ts';

export const STORIES_A_PAGE = 50;

export interface StoriesQuery {
  /** Those alone that are about a topic of the config. */
  readonly onSubject: boolean;
  /** From 1. */
  readonly page: number;
}

/** What a reader asked for; anything else counts as not said. */
export function readStoriesQuery(params: URLSearchParams): StoriesQuery {
  return { onSubject: params.get('all') !== '1', page: readPage(params) };
}

/** The page number that was asked for, from 1; anything else is 1. */
export function readPage(params: URLSearchParams): number {
  const page = Number(params.get('page') ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= 100 ? page : 1;
}

/** The stories, those with the latest news first. */
export function storiesPage(stories: readonly StoryLine[], { onSubject, page }: StoriesQuery, nowMs: number): Page {
  const to = (query: StoriesQuery): string => {
    const params = new URLSearchParams({
      ...(!query.onSubject && { all: '1' }),
      ...(query.page > 1 && { page: String(query.page) }),
    });
    return params.size === 0 ? '/stories' : `/stories?${params}`;
  };
  const choice = (subject: boolean, text: string): Html =>
    html`<a href="${to({ onSubject: subject, page: 1 })}"${subject === onSubject ? html` aria-current="true"` : ''}>${text}</a>`;
  const body = html`<h1>Stories</h1><p class="lead">Those with the latest news first. An origin is a text of its own: an agency’s report and its reprints are one.</p>
<nav class="choice" aria-label="Which stories">${choice(true, 'On the subject')}${choice(false, 'All')}</nav>
${storyList(stories, nowMs)}
<div class="pages">${page > 1 ? html`<a href="${to({ onSubject, page: page - 1 })}">Newer</a>` : null}${stories.length === STORIES_A_PAGE ? html`<a href="${to({ onSubject, page: page + 1 })}">Older</a>` : null}</div>`;
  return { title: 'Stories', at: '/stories', body };
}
