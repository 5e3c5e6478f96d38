import { feedHealth } from '../../src/feeds/feed-health.ts';
import { feedOutage } from '../../src/feeds/feed-outage.ts';
import type { FeedState } from '../../src/feeds/feed-state.ts';
import type { Answer, Request, Route } from '../../src/http/http-server.ts';
import { articlePage } from '../../src/http/pages/article-page.ts';
import { type FeedRow, feedsPage, readFeedsQuery } from '../../src/http/pages/feeds-page.ts';
import { overviewPage } from '../../src/http/pages/overview-page.ts';
import { missingPage, type Page, pageAnswer, unavailablePage } from '../../src/http/pages/page.ts';
import { readPage, readStoriesQuery, STORIES_A_PAGE, storiesPage } from '../../src/http/pages/stories-page.ts';
import { storyPath } from '../../src/http/pages/story-lines.ts';
import { storyPage } from '../../src/http/pages/story-page.ts';
import { WATCHES_A_PAGE, type WatchRow, watchesPage, watchPage } from '../../src/http/pages/watch-pages.ts';
import type { Context } from '../context.ts';
import { articleLine } from './article-lines.ts';
import { articleView } from './article-view.ts';
import { overviewView } from './overview-view.ts';

type View = (context: Context, request: Request, nowMs: number) => Promise<Page | Answer>;

const PATIENCE_MS = 5000;
const TOO_OLD = 'It is not in the archive: too old (retention.articles), or never was.';

const VIEWS: Readonly<Record<string, View>> = {
  '/stories': async ({ stores }, { url }, nowMs) => {
    const query = readStoriesQuery(url.searchParams);
    const offset = (query.page - 1) * STORIES_A_PAGE;
    const stories = await stores.recent.stories({ onSubject: query.onSubject, limit: STORIES_A_PAGE, offset });
    return storiesPage(stories, query, nowMs);
  },
  '/stories/:id': showStory,
  '/articles/:id': async ({ stores, current }, { params }, nowMs) => {
    const record = await stores.archive.get(params.id ?? '');
    return record === null ? missingPage(TOO_OLD, nowMs) : articlePage(articleView(current, record, nowMs));
  },
  '/watches': showWatches,
  '/watches/:id': showWatch,
  '/feeds': async (context, { url }, nowMs) =>
    feedsPage(await feedRows(context, nowMs), readFeedsQuery(url.searchParams), nowMs),
};

/** The dashboard: pages for people, made on the server, read-only. Each costs a bounded number of reads. */
export function pageRoutes(context: Context): Route[] {
  const startedMs = performance.now();
  const overview: View = async (_, { url }, nowMs) =>
    overviewPage({
      ...(await overviewView(context, startedMs, nowMs)),
      refreshes: url.searchParams.get('refresh') === '1',
    });
  return Object.entries({ '/': overview, ...VIEWS }).map(([path, view]) => ({
    method: 'GET',
    path,
    access: 'page',
    async handle(request) {
      const nowMs = Math.round(context.storeNow());
      // Commands wait through a lost connection; a reader does not.
      const shown = await within(PATIENCE_MS, view(context, request, nowMs));
      if (shown === null) return unavailablePage('Redis does not answer. /readyz tells when it does again.', nowMs);
      return 'at' in shown ? pageAnswer(shown, nowMs) : shown;
    },
  }));
}

/** Null where it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What fails after its reader was told so is nobody's error any more.
    work.catch(() => {});
  }
}

async function showStory({ stores, current }: Context, { params }: Request, nowMs: number): Promise<Page | Answer> {
  const id = params.id ?? '';
  const found = await stores.recent.story(id);
  if (found === null) return missingPage(TOO_OLD, nowMs);
  // It lives on in another one.
  if (found.story.id !== id) return { status: 302, body: '', headers: { location: storyPath(found.story.id) } };
  const records = await stores.archive.getMany(found.articleIds);
  const articles = records.map(articleLine).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const watches = [...new Set(articles.flatMap((one) => one.watches))].map((watch) => ({
    id: watch,
    title: current.judge.watches.get(watch)?.title ?? watch,
  }));
  return storyPage({ story: found.story, articles, watches, nowMs });
}

async function showWatches(context: Context, { url }: Request, nowMs: number): Promise<Page> {
  const search = (url.searchParams.get('q') ?? '').trim().slice(0, 100);
  const page = readPage(url.searchParams);
  const wanted = search.toLowerCase();
  const fitting = context.current.config.watches.filter(
    ({ id, title }) => id.includes(wanted) || title.toLowerCase().includes(wanted),
  );
  const shown = fitting.slice((page - 1) * WATCHES_A_PAGE, page * WATCHES_A_PAGE).map(({ id }) => id);
  return watchesPage(await watchRows(context, shown, nowMs), { search, page, count: fitting.length }, nowMs);
}

async function showWatch(context: Context, { params }: Request, nowMs: number): Promise<Page | Answer> {
  const { stores, current } = context;
  const watch = current.config.watches.find(({ id }) => id === params.id);
  if (watch === undefined) return missingPage('No watch of this id in watches.yaml.', nowMs);
  const [rows, ids] = await Promise.all([watchRows(context, [watch.id], nowMs), stores.recent.matchesOf(watch.id)]);
  const matches = (await stores.archive.getMany(ids)).map(articleLine);
  return watchPage({ ...rows[0]!, query: watch.query.trim(), matches, nowMs });
}

async function watchRows({ stores, current }: Context, ids: readonly string[], nowMs: number): Promise<WatchRow[]> {
  const feeds = [...new Set(ids.flatMap((id) => current.sourcesOf.get(id) ?? []))].flatMap(
    (id) => current.feeds.get(id) ?? [],
  );
  const [states, lastMatches] = await Promise.all([stores.feeds.readStates(feeds), stores.recent.lastMatches(ids)]);
  const watches = new Map(current.config.watches.map((watch) => [watch.id, watch]));
  return ids.map((id, index) => {
    const { title, notify } = watches.get(id)!;
    const sources = current.sourcesOf.get(id)?.map((feed) => {
      const state = states.get(feed);
      const unread = state?.importedAt === null ? 'not read yet' : null;
      const silent = (state && feedOutage(state, nowMs)?.reason) ?? unread;
      return { id: feed, name: current.feeds.get(feed)?.source.name ?? feed, silent };
    });
    return { id, title, notify, lastMatchAt: lastMatches[index] ?? null, sources: sources ?? null };
  });
}

async function feedRows({ stores, current }: Context, nowMs: number): Promise<FeedRow[]> {
  const states: ReadonlyMap<string, FeedState> = await stores.feeds.readStates([...current.feeds.values()]);
  return [...current.feeds.values()].flatMap(({ id, source }) => {
    const state = states.get(id);
    if (state === undefined) return [];
    const { status, problems, lastNewArticleAt, nextAt, rhythmSec } = feedHealth(state, nowMs);
    const { name, country, kind, tags } = source;
    const told = problems.map(({ message }) => message);
    // One bad answer is no problem yet, but an operator who looks wants to see it.
    if (told.length === 0 && state.error !== null && state.errorStreak > 0)
      told.push(`last answer: ${state.error.message}`);
    return [{ id, name, country, kind, tags, status, problems: told, lastNewArticleAt, nextAt, rhythmSec }];
  });
}
