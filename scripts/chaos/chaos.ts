// `npm run chaos [PART…]`: the long form of tests/chaos, in parts; all of them by default. `npm run chaos fuzz -- DIR` damages the feeds of a folder. Prints one line for each finding and a summary for each part.
import { badLines } from './bad-lines.ts';
import { clockJumps } from './clock-jumps.ts';
import { clusterFailover } from './cluster-failover.ts';
import { doubleKills } from './double-kills.ts';
import { endurance } from './endurance.ts';
import { faults } from './faults.ts';
import { fuzzFeeds } from './fuzz-feeds.ts';
import { realLocks } from './real-locks.ts';
import { redisKills } from './redis-kills.ts';
import { say } from './say.ts';
import { sweepAll } from './sweep-all.ts';
import { tornFile } from './torn-file.ts';

/** Answers how many promises were broken. `dir`: a folder named after the part. */
type Part = (dir?: string) => Promise<number>;

const PARTS: Readonly<Record<string, Part>> = {
  sweep: sweepAll,
  double: doubleKills,
  faults,
  locks: realLocks,
  redis: redisKills,
  lines: badLines,
  torn: tornFile,
  clock: clockJumps,
  cluster: clusterFailover,
  fuzz: fuzzFeeds,
  endurance: () => endurance({ feeds: 1000, days: 30, articlesADay: 1 }),
};

const [first = '', second] = process.argv.slice(2);
const dir = first in PARTS && second?.includes('/') ? second : undefined;
const asked = process.argv.slice(2).filter((word) => word !== dir);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  say(`chaos: no part "${unknown[0]}"; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
let broken = 0;
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  say(`== ${name}`);
  broken += await PARTS[name]!(dir).catch((error: unknown) => {
    say(`BROKEN ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  });
}
process.exitCode = broken > 0 ? 1 : 0;
