// Joins a range of made-up reports, 50 at a time, and prints what came out as one line of JSON. For tests with several processes.
//   node join-range.ts SOCKET PREFIX EVENTS FROM TO
import { Redis } from 'ioredis';
import { createStoryStore } from '../../src/stories/story-store.ts';
import { madeUpReport } from './articles.ts';

const [socket, keyPrefix, events, from, to] = process.argv.slice(2) as [string, string, string, string, string];
const redis = new Redis(socket);
const stories = createStoryStore({ redis, keyPrefix });
const joined: { event: number; story: string; verdict: string; articles: number }[] = [];
let next = Number(from);
async function work(): Promise<void> {
  while (next < Number(to)) {
    const at = next++;
    const event = at % Number(events);
    const { after, verdict } = await stories.join(madeUpReport(event, Math.floor(at / Number(events))));
    joined.push({ event, story: after.id, verdict, articles: after.articles });
  }
}
await redis.ping();
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
await Promise.all(Array.from({ length: 50 }, work));
console.log(JSON.stringify(joined));
redis.disconnect();
process.stdin.destroy();
