/**
 * How fast feeds are asked: claim, conditional GET, plan, commit; bodies are parsed in the same thread.
 * `node bench/polling/rate.ts FILE [concurrency=64] [BUMP]`, FILE with one feed address a line; BUMP is an address that is asked before the third round and
 * makes the server change some feeds. See README.md.
 */
import { readFile } from 'node:fs/promises';
import { diffItems } from '../../src/feeds/diff-items.ts';
import { type ClaimedFeed, createDueFeeds } from '../../src/feeds/due-feeds.ts';
import { createFeedStore } from '../../src/feeds/feed-store.ts';
import { fetchFeed } from '../../src/feeds/fetch-feed.ts';
import { planNextPoll } from '../../src/feeds/next-poll.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';
import { DEFAULT_POLL_POLICY as policy } from '../../src/feeds/poll-policy.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { startRedis } from '../../tests/support/redis-server.ts';

const [file = '', concurrency = '64', bump = ''] = process.argv.slice(2);
const urls = (await readFile(file, 'utf8')).split(/\s+/).filter((line) => line.startsWith('http'));
const feeds = new Map(urls.map((url, index) => [`f${index}`, { id: `f${index}`, url, every: 1 }]));
const ports = [...new Set(urls.map((url) => Number(new URL(url).port || 80)))];

const server = await startRedis();
let now = Date.now();
const shared = { redis: server.client(), prefix: 'bench:{feeds}', hostGapMs: 0, clock: () => now };
const [due, store] = [createDueFeeds(shared), createFeedStore(shared)];
const client = createHttpClient({ policy: { allow: ['127.0.0.0/8'], ports }, userAgent: 'bench', keepAliveMs: 30_000 });
await due.sync([...feeds.values()]);

async function poll(claim: ClaimedFeed): Promise<string> {
  const feed = feeds.get(claim.feedId)!;
  const state = (await store.readStates([feed])).get(feed.id)!;
  const outcome = await fetchFeed({ client, clock: () => now, gate: due.gate(claim.owner, 60_000) }, { feed, state });
  const parsed = outcome.kind === 'body' ? await parseFeed(outcome.bytes, { url: outcome.url }) : null;
  const items = (parsed?.items ?? []).map((item) => ({ key: item.guid ?? item.link ?? item.title, item }));
  const known = await store.readSeen(
    feed.id,
    items.map(({ key }) => key),
  );
  const diff = diffItems(items, known, {
    keyOf: ({ key }) => key,
    revisionOf: ({ item }) => item.title.slice(0, 8),
    now,
  });
  const newArticleTimes = diff.fresh.map(({ item }) => Date.parse(item.publishedAt ?? '') || now);
  const news = parsed ? { items: items.length, newArticleTimes } : null;
  const next = planNextPoll({
    feed,
    state,
    outcome,
    hints: parsed?.hints ?? null,
    news,
    policy,
    now,
    random: Math.random(),
  });
  await store.commitPoll(feed.id, claim.owner, { state: next.state, seen: diff.marks, nextAt: now + 1_000 });
  return outcome.kind === 'error' ? outcome.code : outcome.kind;
}

/** Seconds of CPU that Redis has used. */
async function redisCpu(): Promise<number> {
  const info = await shared.redis.info('cpu');
  const used = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? 0);
  return used('used_cpu_user') + used('used_cpu_sys');
}

for (const round of ['cold', 'unchanged', bump ? 'some changed' : 'unchanged']) {
  if (round === 'some changed') await fetch(bump);
  const redisBefore = await redisCpu();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const outcomes: Record<string, number> = {};
  let done = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const claims = await due.claim(8, 60_000);
      if (claims.length === 0 && done >= feeds.size) return;
      for (const claim of claims) {
        const outcome = await poll(claim);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        done += 1;
      }
      if (claims.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      if (done >= feeds.size) return;
    }
  };
  await Promise.all(Array.from({ length: Number(concurrency) }, lane));
  const seconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuMs = (used.user + used.system) / 1000 / feeds.size;
  const redisMs = (((await redisCpu()) - redisBefore) * 1000) / feeds.size;
  console.log(
    round,
    outcomes,
    `${Math.round(feeds.size / seconds)} feeds/s`,
    `${cpuMs.toFixed(2)} ms CPU a feed, Redis ${redisMs.toFixed(2)} ms`,
  );
  now += 2_000;
}
await client.close();
await server.stop();
