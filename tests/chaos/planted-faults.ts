import type { KillPoint, SourcePatch } from '../support/crash-edge.ts';

/** A mistake that a careful reader could still make, and a kill at which it costs something. */
export interface PlantedFault {
  readonly name: string;
  readonly patches: readonly SourcePatch[];
  readonly kill: KillPoint;
}

const QUEUE = 'await queueArticles(deps, [...fresh, ...revised], state.importedAt === null);';
const READ = 'async readStates(feeds) {';

/** Each breaks one rule of the way of an article. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'items are marked as seen before their articles are queued',
    patches: [
      {
        file: 'src/feeds/feed-store.ts',
        find: READ,
        replace: `async mark(id, marks) { for (const [key, mark] of marks) await redis.hset(seenKey(id), key, mark.day + '.' + mark.revision); }, ${READ}`,
      },
      { file: 'workers/poll.ts', find: QUEUE, replace: `await (deps.store as any).mark(feed.id, marks); ${QUEUE}` },
    ],
    kill: { what: 'redis', name: 'hset', when: 'after', nth: 4 },
  },
  {
    name: 'the ETag is stored before the articles are queued',
    patches: [
      {
        file: 'src/feeds/feed-store.ts',
        find: READ,
        replace: `async keep(id, state) { await redis.hset(prefix + ':state', id, JSON.stringify(state)); }, ${READ}`,
      },
      {
        file: 'workers/poll.ts',
        find: QUEUE,
        replace: `const early = planNextPoll({ feed, state, outcome: body, hints: parsed.hints, news: { items: items.length, newArticleTimes: [], limits }, policy: deps.policy, now: now(), random: 0 }); await (deps.store as any).keep(feed.id, early.state); ${QUEUE}`,
      },
    ],
    kill: { what: 'redis', name: 'hset', when: 'after', nth: 1 },
  },
  {
    name: 'a claim does not say whose it is, so that a repeated step takes its own for another’s',
    patches: [
      {
        file: 'src/alerts/announce.ts',
        find: 'if (known !== undefined) {',
        replace: 'if (known !== undefined) { continue;',
      },
    ],
    kill: { what: 'redis', name: 'attacheclaimalert', when: 'after', nth: 2 },
  },
  {
    name: 'nothing is recorded after a webhook was sent',
    patches: [
      {
        file: 'src/delivery/deliver-alert.ts',
        find: 'await deps.deliveries.record(job, after);',
        replace: '',
      },
    ],
    kill: { what: 'redis', name: 'movetofinished/deliver', when: 'before', nth: 1 },
  },
  {
    name: 'finished jobs are forgotten at once, so that a repeated step adds them again',
    patches: [
      {
        file: 'src/queues/queues.ts',
        find: 'matches: { attempts: 1, removeOnComplete: { count: 1000, age: DAY_SEC }',
        replace: 'matches: { attempts: 1, removeOnComplete: true',
      },
    ],
    kill: { what: 'redis', name: 'attacheassigngroups', when: 'after', nth: 1 },
  },
  {
    name: 'jobs that were interrupted are not taken up again',
    patches: [{ file: 'src/queues/queues.ts', find: 'maxStalledCount: 1000', replace: 'maxStalledCount: 0' }],
    kill: { what: 'redis', name: 'attachecommitstory', when: 'after', nth: 1 },
  },
];
