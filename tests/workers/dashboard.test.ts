import { Parser } from 'htmlparser2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DashboardScene, FEED_SECRET, startDashboard } from '../support/dashboard-scene.ts';
import { TEST_SECRET } from '../support/test-worker.ts';

let scene: DashboardScene;
beforeAll(async () => {
  scene = await startDashboard();
});
afterAll(() => scene.stop());

interface Seen {
  readonly body: string;
  readonly status: number;
  readonly text: string;
  readonly tags: ReadonlySet<string>;
  readonly links: readonly string[];
  /** Attributes that would run something. */
  readonly handlers: readonly string[];
}

async function look(path: string): Promise<Seen> {
  const response = await fetch(`${scene.worker.address}${path}`);
  const body = await response.text();
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  const tags = new Set<string>();
  const links: string[] = [];
  const handlers: string[] = [];
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      tags.add(name);
      if (attributes.href !== undefined) links.push(attributes.href);
      handlers.push(...Object.keys(attributes).filter((key) => key.startsWith('on') || key === 'style'));
    },
    ontext: (part) => {
      text += part;
    },
  });
  parser.end(body);
  return { body, status: response.status, text, tags, links, handlers };
}

/** The path of the article with this title, by way of the overview. */
async function articleOf(title: RegExp): Promise<string> {
  const records = await scene.worker.stores.archive.newest(10);
  return `/articles/${records.find(({ article }) => title.test(article.title))?.article.id}`;
}

test('every page can be reached from the first, and nothing that a feed said runs, loads or links anywhere but to the web, and no secret shows', async () => {
  const visited = new Map<string, Seen>();
  const open = ['/'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (visited.has(path)) continue;
    const seen = await look(path);
    visited.set(path, seen);
    expect(seen.status, path).toBe(200);
    open.push(...seen.links.filter((link) => link.startsWith('/')));
  }
  const paths = [...visited.keys()];
  for (const kind of [/^\/stories\/./, /^\/articles\/./, /^\/watches\/./, /^\/feeds\?/]) {
    expect(
      paths.some((path) => kind.test(path)),
      String(kind),
    ).toBe(true);
  }
  for (const [path, { body, tags, links, handlers, text }] of visited) {
    for (const secret of [TEST_SECRET, FEED_SECRET, 'a-secret-hook']) expect(body, path).not.toContain(secret);
    for (const tag of ['script', 'img', 'iframe', 'object', 'embed', 'b2']) expect(tags, path).not.toContain(tag);
    expect(handlers, path).toEqual([]);
    expect(
      links.filter((link) => !/^(\/|#main$|https?:\/\/|data:,$)/.test(link)),
      path,
    ).toEqual([]);
    expect(text, path).not.toContain('\u202E');
  }
  expect(visited.get('/')?.text).toContain('<script>alert(1)</script>');
});

test('a story shows how many outlets and origins it has, and what each article was held for', async () => {
  const { text: article } = await look(await articleOf(/lands in Minsk/));
  expect(article).toContain('Visits <i>to</i> Minsk');
  const [story] = (await scene.worker.stores.recent.stories({ onSubject: false, limit: 10 })).filter(
    ({ sources }) => sources === 2,
  );
  const { text } = await look(`/stories/${story!.id}`);
  expect(text).toContain('2 outlets, 1 origin');
  expect(text).toContain('begins the story');
  expect(text).toMatch(/copy of (The Wire|Daily <b>News<\/b>), \d+% alike/);
  expect(text).toContain('Visits <i>to</i> Minsk');
});

test('an article tells why each watch matched or did not, in the words of attache explain', async () => {
  const { text } = await look(await articleOf(/lands in Minsk/));
  expect(text).toContain('country:CN “China” in the title');
  expect(text).toContain('volleyball (not found)');
});

test('a watch tells which of its sources are heard', async () => {
  const { text } = await look('/watches/wires');
  expect(text).toContain('1 of 2');
  expect(text).toMatch(/radio radio\s*silent\s*not read yet/);
});

test('what is not there is said to be so, also for an address that was made up', async () => {
  for (const path of [
    '/stories/none',
    '/articles/none',
    '/watches/none',
    `/articles/${'x'.repeat(2000)}`,
    '/stories/%3Cscript%3E',
  ]) {
    const { status, text } = await look(path);
    expect([status, text], path).toEqual([404, expect.stringContaining('Not here')]);
  }
});

test('a page costs a bounded number of reads, however many stories and articles there are', async () => {
  await scene.rest();
  const client = scene.redis.client();
  const commands = async (): Promise<number> =>
    Number(/total_commands_processed:(\d+)/.exec(await client.info('stats'))?.[1]);
  const { recent } = scene.worker.stores;
  const cost = async (path: string): Promise<number> => {
    // Its first request prepares scripts.
    await look(path);
    const before = await commands();
    await look(path);
    return (await commands()) - before - 1;
  };
  const paths = ['/', '/stories', '/watches', '/feeds'];
  const few: number[] = [];
  for (const path of paths) few.push(await cost(path));
  for (let n = 0; n < 300; n++) {
    const at = new Date(Date.now() + n).toISOString();
    const story = {
      headline: 'x',
      firstSeenAt: at,
      lastArticleAt: at,
      articles: 1,
      sources: 1,
      origins: 1,
      languages: [],
      entities: [],
      topics: ['defense'],
    };
    await recent.note({
      articleId: `a${n}`,
      seenMs: Date.now() + n,
      story: { id: `s${n}`, ...story },
      merged: [],
      watches: ['visits'],
    });
  }
  for (const [i, path] of paths.entries()) expect(await cost(path), path).toBe(few[i]);
  expect(Math.max(...few)).toBeLessThan(60);
});
