import { html } from './html.ts';
import type { Page } from './page.ts';
import { type StoryLine, storyList } from './story-lines.ts';

export const STORIES_A_PAGE = 50;

/** The page number that was asked for, from 1; anything else is 1. */
export function readPage(params: URLSearchParams): number {
  const page = Number(params.get('page') ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= 100 ? page : 1;
}

/** The stories, those with the latest news first. */
export function storiesPage(stories: readonly StoryLine[], page: number, nowMs: number): Page {
  const body = html`<h1>Stories</h1><p class="lead">Those with the latest news first. An origin is a text of its own: an agency’s report and its reprints are one.</p>
${storyList(stories, nowMs)}
<div class="pages">${page > 1 ? html`<a href="/stories?page=${page - 1}">Newer</a>` : null}${stories.length === STORIES_A_PAGE ? html`<a href="/stories?page=${page + 1}">Older</a>` : null}</div>`;
  return { title: 'Stories', at: '/stories', body };
}
