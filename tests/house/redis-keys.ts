/** One kind of key in Redis: whose it is, and why it cannot grow for ever. */
export interface KeyKind {
  /** `*` stands for any text. Read in order: the first that fits counts. */
  readonly key: string;
  readonly owner: string;
  readonly bound: string;
  /** Each such key has a time to live. */
  readonly expires?: boolean;
}

const BULL = '{attache}:*';
const FEEDS = 'attache:{feeds}:v1';
const STORIES = 'attache:{stories}:v1';
const ARCHIVE = 'attache:{archive}:v1';
const ALERTS = 'attache:{alerts}:v1';
const DELIVERIES = 'attache:{deliveries}:v1';
const A_FEED = 'one entry a configured feed; a feed that left is forgotten after 30 days';

/** Every key that the worker writes under the prefix `attache`. ARCHITECTURE.md shows the same table. */
export const REDIS_KEYS: readonly KeyKind[] = [
  { key: 'attache:{schedule}:v1:last-tick', owner: 'workers', bound: 'a time, for a day', expires: true },

  { key: `${BULL}:*:lock`, owner: 'BullMQ', bound: 'expires with the lock, 10 s', expires: true },
  { key: `${BULL}:stalled-check`, owner: 'BullMQ', bound: 'expires after 2.5 s', expires: true },
  { key: `${BULL}:events`, owner: 'BullMQ', bound: 'trimmed to about 1,000 entries' },
  { key: `${BULL}:meta`, owner: 'BullMQ', bound: 'a handful of fields a queue' },
  { key: `${BULL}:id`, owner: 'BullMQ', bound: 'a number' },
  { key: `${BULL}:pc`, owner: 'BullMQ', bound: 'a number' },
  { key: `${BULL}:marker`, owner: 'BullMQ', bound: 'two members' },
  { key: `${BULL}:wait`, owner: 'BullMQ', bound: 'work to be done; on `matches` queue.maxBacklog' },
  { key: `${BULL}:active`, owner: 'BullMQ', bound: 'jobs under way: the concurrency' },
  { key: `${BULL}:stalled`, owner: 'BullMQ', bound: 'jobs under way: the concurrency' },
  { key: `${BULL}:delayed`, owner: 'BullMQ', bound: 'work to be done later; a delivery at most 75 hours' },
  { key: `${BULL}:prioritized`, owner: 'BullMQ', bound: 'work to be done' },
  { key: `${BULL}:completed`, owner: 'BullMQ', bound: 'removeOnComplete: 100 to 5,000 a queue' },
  {
    key: `${BULL}:failed`,
    owner: 'BullMQ',
    bound: 'removeOnFail: by number and age',
  },
  { key: `${BULL}:repeat`, owner: 'BullMQ', bound: 'one scheduler, the tick' },
  { key: `${BULL}:repeat:*`, owner: 'BullMQ', bound: 'the scheduler and its next job' },
  { key: '{attache}:schedule:*', owner: 'BullMQ', bound: 'a tick’s job, removed when it is done' },
  { key: '{attache}:*:j*', owner: 'src/queues', bound: 'a job, removed with its entry in completed or failed' },

  { key: `${FEEDS}:url`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:host`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:ask`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:state`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:pruned`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:ended`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:pushed`, owner: 'src/feeds', bound: 'feeds that are due by a push; gone with the claim' },
  { key: `${FEEDS}:parked`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:parkedAt`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:lease`, owner: 'src/feeds', bound: 'feeds that are being polled' },
  { key: `${FEEDS}:due`, owner: 'src/feeds', bound: 'one entry a host of configured feeds' },
  { key: `${FEEDS}:gate`, owner: 'src/feeds', bound: 'hosts being asked; swept by each claim' },
  { key: `${FEEDS}:holder`, owner: 'src/feeds', bound: 'hosts being asked; swept by each claim' },
  { key: `${FEEDS}:h:*`, owner: 'src/feeds', bound: 'the feeds of a host; gone with the last' },
  {
    key: `${FEEDS}:seen:*`,
    owner: 'src/feeds',
    bound: 'a feed’s items, 14 days after it dropped them; gone with the feed',
  },
  { key: `${FEEDS}:websub`, owner: 'src/feeds', bound: A_FEED },
  { key: `${FEEDS}:websub-key`, owner: 'src/feeds', bound: 'one secret' },

  { key: `${STORIES}:r:*`, owner: 'src/stories', bound: 'retention of answers, 7 days', expires: true },
  { key: `${STORIES}:s:*`, owner: 'src/stories', bound: 'retention.storyWindow after the last article', expires: true },
  { key: `${STORIES}:m:*`, owner: 'src/stories', bound: 'two windows', expires: true },
  { key: `${STORIES}:p:*`, owner: 'src/stories', bound: 'two windows; the last stories of each term', expires: true },
  { key: `${STORIES}:c:*`, owner: 'src/stories', bound: 'two windows; a fixed number of cells', expires: true },
  { key: `${STORIES}:n`, owner: 'src/stories', bound: 'two numbers', expires: true },
  { key: `${STORIES}:l`, owner: 'src/stories', bound: 'the last 256 commits', expires: true },

  {
    key: `${ARCHIVE}:by-time`,
    owner: 'src/articles',
    bound: 'retention.articles, retention.maxArticles',
    expires: true,
  },
  { key: `${ARCHIVE}:a:*`, owner: 'src/articles', bound: 'retention.articles', expires: true },

  { key: `${ARCHIVE}:recent`, owner: 'src/articles', bound: '5,000 stories; retention.articles', expires: true },
  { key: `${ARCHIVE}:on-subject`, owner: 'src/articles', bound: '5,000 stories; retention.articles', expires: true },
  { key: `${ARCHIVE}:story:*`, owner: 'src/articles', bound: 'retention.articles', expires: true },
  { key: `${ARCHIVE}:of-story:*`, owner: 'src/articles', bound: '300 articles; retention.articles', expires: true },
  { key: `${ARCHIVE}:of-watch:*`, owner: 'src/articles', bound: '20 articles; retention.articles', expires: true },
  { key: `${ARCHIVE}:moved:*`, owner: 'src/articles', bound: 'retention.articles', expires: true },

  { key: `${ALERTS}:story:*`, owner: 'src/alerts', bound: '45 days after the last alert', expires: true },
  { key: `${ALERTS}:cause:*`, owner: 'src/alerts', bound: '14 days', expires: true },
  { key: `${ALERTS}:budget:*`, owner: 'src/alerts', bound: 'two days', expires: true },
  { key: `${ALERTS}:moved:*`, owner: 'src/alerts', bound: '45 days', expires: true },

  { key: `${DELIVERIES}:alert:*`, owner: 'src/delivery', bound: 'retention.alerts', expires: true },
  {
    key: `${DELIVERIES}:pending:*`,
    owner: 'src/delivery',
    bound: 'retention.alerts, and a largest number',
    expires: true,
  },
  {
    key: `${DELIVERIES}:dead:*`,
    owner: 'src/delivery',
    bound: 'retention.alerts, and a largest number',
    expires: true,
  },
  { key: `${DELIVERIES}:log:*`, owner: 'src/delivery', bound: 'retention.alerts, and a largest number', expires: true },
  { key: `${DELIVERIES}:floor:*`, owner: 'src/delivery', bound: 'twice retention.alerts', expires: true },
  { key: `${DELIVERIES}:dropped:*`, owner: 'src/delivery', bound: 'retention.alerts', expires: true },
  { key: `${DELIVERIES}:endpoint:*`, owner: 'src/delivery', bound: '90 days after the last attempt', expires: true },
  {
    key: `${DELIVERIES}:outages`,
    owner: 'src/delivery',
    bound: 'one value, of the sources that are silent now',
    expires: true,
  },
  {
    key: `${DELIVERIES}:held:*`,
    owner: 'src/delivery',
    bound: 'until its digest, and a largest number',
    expires: true,
  },
  {
    key: `${DELIVERIES}:held-entries:*`,
    owner: 'src/delivery',
    bound: 'until its digest, and a largest number',
    expires: true,
  },
  { key: `${DELIVERIES}:digest:*`, owner: 'src/delivery', bound: 'some days after the digest', expires: true },
  { key: `${DELIVERIES}:rate:*`, owner: 'src/delivery', bound: 'an hour', expires: true },
];
