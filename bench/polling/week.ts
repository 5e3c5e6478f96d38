/**
 * A week of bent time against moody hosts: `node bench/polling/week.ts [hosts=200] [hours=168] [killsPerMille=0]`.
 * See README.md.
 */
import { liveThroughWeek } from '../../tests/feeds/bent-week.ts';
import { startRedis } from '../../tests/support/redis-server.ts';

const [hosts = 200, hours = 168, killsPerMille = 0] = process.argv.slice(2).map(Number);
const server = await startRedis();
const startedAt = performance.now();
const week = await liveThroughWeek({
  hosts,
  hours,
  restartEveryHours: hours / 21,
  killsPerMille,
  connect: () => server.client(),
  prefix: 'week:{feeds}',
});
const redis = server.client();
const memory = /used_memory_human:(\S+)/.exec(await redis.info('memory'))?.[1];
await week.hosts.close();
await server.stop();
const { offences, requests, ...figures } = week.hosts;
const byMood = (list: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const line of list) {
    const mood = /\((.*)\)/.exec(line)?.[1] ?? line;
    counts[mood] = (counts[mood] ?? 0) + 1;
  }
  return counts;
};
console.log({
  hosts,
  feeds: figures.feeds.length,
  polls: week.polls,
  requests: [...requests.values()].reduce((a, b) => a + b, 0),
  restarts: week.restarts,
  kills: week.kills,
  beforePlan: week.beforePlan,
  newItems: week.newItems,
  repeatedItems: week.repeatedItems,
  outcomes: week.outcomes,
  redis: memory,
  seconds: Math.round((performance.now() - startedAt) / 1000),
});
for (const [kind, list] of Object.entries(offences)) console.log(kind, list.length, list.length ? byMood(list) : '');
