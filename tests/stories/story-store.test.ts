import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import type { JoinResult, StoryIndex, StoryInput } from '../../src/stories/story.ts';
import { createStoryStore } from '../../src/stories/story-store.ts';
import { startRedis, type TestRedis } from '../support/redis-server.ts';
import * as news from './articles.ts';
import { restoreVersionOne } from './version-one.ts';

const PREFIX = 'attache:{stories}:v1';
/** For hundreds of joins on a machine that is busy with much else. */
const BUSY_MS = 90_000;
const { article, HOUR_MS, START_MS } = news;
let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = server.client();
});
beforeEach(() => server.flush());
afterAll(() => server.stop());

const openStore = (windowSec?: number): StoryIndex =>
  createStoryStore({ redis, keyPrefix: PREFIX, ...(windowSec === undefined ? {} : { options: { windowSec } }) });

async function joinAll(index: StoryIndex, inputs: readonly StoryInput[]): Promise<JoinResult[]> {
  const results: JoinResult[] = [];
  for (const input of inputs) results.push(await index.join(input));
  return results;
}

const visit = [
  article({
    id: 'wire',
    title: news.WIRE_TITLE,
    text: `MINSK, Aug 16 (Reuters) - ${news.WIRE_TEXT}`,
    entities: ['CN', 'BY'],
  }),
  article({ id: 'copy', title: 'Li in Minsk', text: news.WIRE_TEXT.slice(0, 500), lang: 'en', topics: ['diplomacy'] }),
  article({ id: 'desk', title: news.REWRITE_TITLE, text: news.REWRITE_TEXT, at: START_MS + HOUR_MS }),
  article({ id: 'hanoi', title: news.LOOKALIKE_TITLE, text: news.LOOKALIKE_TEXT }),
  article({
    id: 'half-a-letter',
    title: 'Odd \ud83d title\nin two lines',
    text: 'Quote " and slash / and \u2028 separator, 中国国防部长访问明斯克。',
  }),
];

describe('stories in Redis', () => {
  it(
    'are those that the index in memory finds, answer for answer',
    async () => {
      const stream = Array.from({ length: 160 }, (_, at) => news.madeUpReport((at * 11) % 40, Math.floor(at / 40)));
      const halves = news.twoHalvesAndWhole();
      const inputs = [
        ...visit,
        ...halves,
        ...halves.map((one) => ({ ...one, id: `${one.id} again` })),
        ...stream,
        { ...visit[0]!, revision: '2', title: 'Retitled' },
      ];
      const inRedis = await joinAll(openStore(), inputs);
      expect(inRedis).toEqual(
        await joinAll(
          createMemoryIndex(),
          inputs.map((one) => ({ ...one, title: one.title.toWellFormed() })),
        ),
      );
      expect(new Set(inRedis.map((one) => one.verdict))).toEqual(new Set(['new', 'copy', 'same-story', 'revision']));
      expect(inRedis.some((one) => one.merged.length > 0)).toBe(true);
    },
    BUSY_MS,
  );

  it(
    'are those of the index in memory while the clock goes through several windows',
    async () => {
      const options = { windowSec: 2 * 3600 };
      const inputs = Array.from({ length: 120 }, (_, at) => {
        const report = news.madeUpReport((at * 7) % 15, at);
        return { ...report, at: START_MS + at * 10 * 60_000 };
      });
      const inRedis = await joinAll(openStore(options.windowSec), inputs);
      expect(inRedis).toEqual(await joinAll(createMemoryIndex(options), inputs));
      expect(inRedis.filter((one) => one.verdict === 'new').length).toBeGreaterThan(15);
    },
    BUSY_MS,
  );

  it(
    'count sources and origins as far as a story remembers them, and articles without end',
    async () => {
      const index = openStore();
      await index.join(news.madeUpReport(3, 0));
      const further = Array.from({ length: 269 }, (_, report) => news.madeUpReport(3, report + 1));
      const joined = await Promise.all(further.map((input) => index.join(input)));
      const most = joined.find(({ after }) => after.articles === 270);
      expect(most!.after).toMatchObject({ sources: 256, origins: 256 });
    },
    BUSY_MS,
  );

  it('do not change when a join is run again, by any process', async () => {
    const first = await joinAll(openStore(), visit);
    const keys = await snapshot();
    expect(await joinAll(openStore(), visit)).toEqual(first);
    expect(await snapshot()).toEqual(keys);
  });

  it('answer one way when the same article is joined by many at once', async () => {
    const index = openStore();
    const answers = await Promise.all(Array.from({ length: 40 }, () => index.join(visit[0]!)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await index.join(visit[1]!)).after.articles).toBe(2);
  });

  it('keep a revision in its story, also when the story has aged out', async () => {
    const index = openStore();
    const [first] = await joinAll(index, visit);
    await redis.del(...(await redis.keys(`${PREFIX}:s:*`)));
    const revised = await index.join({ ...visit[0]!, revision: '2', title: 'Retitled' });
    expect(revised).toMatchObject({ verdict: 'revision', after: { id: first!.after.id }, origin: 'reuters' });
  });

  it('take no articles after their window, and nothing is kept without an end', async () => {
    const windowSec = 2 * 3600;
    const late = { ...visit[1]!, at: START_MS + 3 * HOUR_MS };
    const [, joined] = await joinAll(openStore(windowSec), [visit[0]!, late]);
    expect(joined!.verdict).toBe('new');
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThan(10);
    for (const key of keys) {
      expect(key.startsWith(`${PREFIX}:`)).toBe(true);
      expect(await redis.ttl(key)).toBeGreaterThan(0);
      if (key.includes(':s:')) expect(await redis.ttl(key)).toBeLessThanOrEqual(windowSec + 3600);
    }
  });

  it('do not get the numbers of stories that something may still point to', async () => {
    await joinAll(openStore(10 * 86_400), [visit[0]!]);
    const ttls = await Promise.all((await redis.keys('*')).map((key) => redis.ttl(key)));
    expect(await redis.ttl(`${PREFIX}:n`)).toBe(Math.max(...ttls));
  });

  it(
    'stay small however many articles they get',
    async () => {
      const index = openStore();
      await joinAll(
        index,
        Array.from({ length: 30 }, (_, report) => news.madeUpReport(3, report)),
      );
      const early = await storyBytes();
      await joinAll(
        index,
        Array.from({ length: 60 }, (_, report) => news.madeUpReport(3, 30 + report)),
      );
      expect((await storyBytes()) - early).toBeLessThan(60 * 40);
    },
    BUSY_MS,
  );
});

describe('what version 1 of the store left in Redis', () => {
  const [wire] = visit as [StoryInput];
  const revised = (id: string): StoryInput => ({ ...wire, id, revision: '9', title: `Retitled ${id}` });
  const idOf = (one: JoinResult): string => one.after.id;

  it('is answered again as it was answered then, merges included', async () => {
    const answers = await restoreVersionOne(redis);
    const again = await joinAll(
      openStore(),
      answers.map(({ id, revision }) => ({ ...wire, id, revision })),
    );
    expect(again).toEqual(answers.map(({ answer }) => answer));
    expect(again.map(({ verdict }) => verdict)).toEqual(
      expect.arrayContaining(['new', 'copy', 'same-story', 'revision']),
    );
    expect(again.flatMap(({ merged }) => merged)).toHaveLength(1);
  });

  it('takes revisions, also of an article whose story lives on in another, and tells them once', async () => {
    const answers = new Map((await restoreVersionOne(redis)).map(({ id, answer }) => [id, answer]));
    const index = openStore();
    const first = await index.join(revised('wire'));
    expect(first).toMatchObject({
      verdict: 'revision',
      origin: 'reuters',
      before: answers.get('desk')!.after,
      after: { headline: 'Retitled wire', articles: 3, sources: 3, origins: 2, entities: ['CN', 'BY'] },
    });
    expect(await index.join(revised('wire'))).toEqual(first);
    const moved = await index.join(revised('right'));
    expect([moved.verdict, idOf(moved)]).toEqual(['revision', idOf(answers.get('both')!)]);
  });

  it('takes no further reports: they make a story of their own, which takes reports as any other', async () => {
    const old = new Set((await restoreVersionOne(redis)).map(({ answer }) => idOf(answer)));
    const later = { at: START_MS + 2 * HOUR_MS };
    const [desk, reprint] = await joinAll(openStore(), [
      { ...visit[2]!, id: 'late', ...later },
      { ...wire, id: 'reprint', ...later },
    ]);
    expect([desk!.verdict, old.has(idOf(desk!))]).toEqual(['new', false]);
    expect(reprint).toMatchObject({ verdict: 'same-story', of: 'late', before: desk!.after });
  });

  it('tells of a revision when the story is over', async () => {
    const answers = new Map((await restoreVersionOne(redis)).map(({ id, answer }) => [id, answer]));
    const keys = await redis.keys(`${PREFIX}:s:*`);
    await redis.del(...keys);
    const last = answers.get('hanoi')!.after;
    expect(await openStore().join(revised('hanoi'))).toMatchObject({ verdict: 'revision', before: last, after: last });
  });
});

describe('two processes', () => {
  it(
    'make one story of 1,000 reports of one event joined at the same time',
    async () => {
      const joined = await joinInTwoProcesses(1, 1000);
      expect(new Set(joined.map((one) => one.story)).size).toBe(1);
      expect(joined.filter((one) => one.verdict === 'new')).toHaveLength(1);
      expect(joined.map((one) => one.articles).sort((one, other) => one - other)).toEqual(range(1, 1000));
    },
    BUSY_MS,
  );

  it(
    'make one story of each of 50 events reported by 20 outlets at the same time',
    async () => {
      const joined = await joinInTwoProcesses(50, 1000);
      const storiesOf = new Map<number, Set<string>>();
      for (const { event, story } of joined) storiesOf.set(event, (storiesOf.get(event) ?? new Set()).add(story));
      expect([...storiesOf.values()].map((stories) => stories.size)).toEqual(new Array(50).fill(1));
      for (let event = 0; event < 50; event++) {
        const reports = joined.filter((one) => one.event === event).map((one) => one.articles);
        expect(reports.sort((one, other) => one - other)).toEqual(range(1, 20));
      }
    },
    BUSY_MS,
  );
});

async function snapshot(): Promise<Record<string, string>> {
  const dumps: Record<string, string> = {};
  for (const key of (await redis.keys('*')).sort()) dumps[key] = (await redis.dumpBuffer(key))!.toString('base64');
  return dumps;
}

async function storyBytes(): Promise<number> {
  const [key] = await redis.keys(`${PREFIX}:s:*`);
  return redis.strlen(key!);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

interface Joined {
  readonly event: number;
  readonly story: string;
  readonly verdict: string;
  /** Articles of the story, with this one. */
  readonly articles: number;
}

/** Articles are dealt out alternately, half to each process; both start when both are ready. */
async function joinInTwoProcesses(events: number, count: number): Promise<Joined[]> {
  const program = new URL('join-range.ts', import.meta.url).pathname;
  const halves = [
    [0, count / 2],
    [count / 2, count],
  ];
  const children = halves.map(([from, to]) =>
    spawn(process.execPath, [program, server.path, PREFIX, ...[events, from, to].map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  const outputs = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  for (const output of outputs) expect((await output.next()).value).toBe('ready');
  for (const child of children) child.stdin.write('go\n');
  const lines = await Promise.all(outputs.map(async (output) => (await output.next()).value as string));
  return lines.flatMap((line) => JSON.parse(line) as Joined[]);
}
