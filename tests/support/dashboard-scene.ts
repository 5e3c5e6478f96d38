import type { Role } from '../../workers/roles.ts';
import { type FeedHost, startFeedHost } from './feed-host.ts';
import { startRedis, type TestRedis } from './redis-server.ts';
import { startTestWorker, type TestWorker, writeTestConfig } from './test-worker.ts';
import { until } from './until.ts';

/** A worker that has judged some news, hostile ones among them, and shows them. */
export interface DashboardScene {
  worker: TestWorker;
  readonly redis: TestRedis;
  readonly host: FeedHost;
  /** From now on pages are all that is done: what is read of Redis is read for them. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

/** Markup as text: what a reader of the feed sees, and what must stay text on the page. */
const HOSTILE = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>\u202E of China and Belarus';
export const FEED_SECRET = 'a-reader-has-paid-for-this-feed';
const WIRE = "China's defence minister lands in Minsk for three-day visit";
const TEXT =
  'Li Shangfu was received by his Belarusian counterpart at the airport of Minsk and will stay for three days of talks on exercises of both armies.';

/** Stop it. */
export async function startDashboard(): Promise<DashboardScene> {
  const redis = await startRedis();
  const host = await startFeedHost();
  host.show('wire', [{ guid: 'w1', title: WIRE, text: TEXT, link: 'https://wire.example/1' }]);
  host.show('daily', [
    { guid: 'd1', title: WIRE, text: TEXT, link: 'https://daily.example/1' },
    { guid: 'd2', title: 'China and Belarus, in other words' },
  ]);
  host.show('a-secret-hook', (_, res) => void res.writeHead(500).end());
  host.show('radio', (_, res) => void res.writeHead(500).end());
  const config = await writeTestConfig({
    feeds: [
      {
        id: 'wire',
        url: host.url('wire'),
        headers: { authorization: `Bearer ${FEED_SECRET}` },
        name: 'The Wire',
        kind: 'wire',
        tags: ['wires'],
      },
      { id: 'daily', url: host.url('daily'), name: 'Daily <b>News</b>', country: 'PL' },
      { id: 'radio', url: host.url('radio'), tags: ['wires'] },
    ],
    watches: [
      { id: 'visits', title: 'Visits <i>to</i> Minsk', query: 'country:CN AND country:BY', notify: ['desk'] },
      { id: 'wires', title: 'Volleyball, by the wires', query: 'volleyball source:wires' },
    ],
    subscribers: [{ id: 'desk', url: host.url('a-secret-hook') }],
    ports: [host.port],
  });
  const start = (roles?: readonly Role[]) =>
    startTestWorker({ configDir: config.dir, redisUrl: redis.url, ...(roles && { roles }) });
  const worker = await start();
  await until('three articles are judged', async () => (await worker.stores.archive.count()) === 3);
  await until('they are shown', async () => (await worker.stores.recent.matchesOf('visits')).length === 3);
  await makeHostile(worker);
  const scene: DashboardScene = {
    worker,
    redis,
    host,
    async rest() {
      await scene.worker.stop();
      scene.worker = await start(['http']);
    },
    async stop() {
      await scene.worker.stop();
      await config.remove();
      await host.close();
      await redis.stop();
    },
  };
  return scene;
}

/** Reading a feed takes markup out; the pages must not rely on it. */
async function makeHostile({ stores }: TestWorker): Promise<void> {
  const records = await stores.archive.newest(3);
  const record = records.find(({ article }) => article.title.endsWith('in other words'))!;
  const article = {
    ...record.article,
    title: HOSTILE,
    summary: HOSTILE,
    text: HOSTILE,
    url: 'javascript:alert(3)',
    author: HOSTILE,
  };
  await stores.archive.put({ ...record, article });
  const { story } = (await stores.recent.story(record.storyId))!;
  const entry = { articleId: article.id, seenMs: Date.parse(article.seenAt), merged: [], watches: record.watches };
  await stores.recent.note({ ...entry, story: { ...story, headline: HOSTILE } });
}
