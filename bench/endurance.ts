/**
 * Many days of many feeds, and what they leave in memory: `node bench/endurance.ts [feeds=5000] [days=30] [articlesADay=1]`. `npm run chaos endurance` is the same for 1,000 feeds.
 */
import { endurance } from '../scripts/chaos/endurance.ts';

const [feeds = 5000, days = 30, articlesADay = 1] = process.argv.slice(2).map(Number);
process.exitCode = (await endurance({ feeds, days, articlesADay })) > 0 ? 1 : 0;
