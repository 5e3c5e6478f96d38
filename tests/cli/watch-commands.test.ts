import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ArchiveDeps } from '../../cli/archive-input.ts';
import { backtestCommand } from '../../cli/backtest.ts';
import { explainCommand } from '../../cli/explain.ts';
import { gapsCommand } from '../../cli/gaps.ts';
import { loadTrial } from '../../cli/load-trial.ts';
import { planCommand } from '../../cli/plan.ts';
import { runTrial } from '../../cli/run-trial.ts';
import type { ArchivedArticle } from '../../src/articles/article-store.ts';

const NOW = Date.parse('2023-08-18T12:00:00Z');
const WATCHES = `
watches:
  - id: minsk-visits
    title: Visits to Minsk
    query: country:BY AND (topic:defense OR visit)
  - id: volleyball
    title: Volleyball
    query: volleyball
`;
const ARTICLES = [
  {
    id: 'a1',
    title: "China's defence minister begins visit to Minsk",
    text: 'General Li Shangfu met Viktor Khrenin.',
    source: 'x',
    lang: 'en',
    publishedAt: '2023-08-16T08:00:00Z',
  },
  {
    id: 'a2',
    title: 'Belarus and China review joint military drills',
    text: 'The two generals met again.',
    source: 'y',
    lang: 'en',
    publishedAt: '2023-08-17T08:00:00Z',
  },
  {
    id: 'a3',
    title: 'Belarus wins at volleyball',
    text: '',
    source: 'x',
    lang: 'en',
    publishedAt: '2023-08-17T09:00:00Z',
  },
  { id: 'a4', title: 'Shares fall in Tokyo', text: '', source: 'y', lang: 'en', publishedAt: '2023-08-17T10:00:00Z' },
];
let dir: string;
const file = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'attache-watch-commands-'));
  for (const name of ['config', 'other']) {
    await cp('config', file(name), { recursive: true });
    await writeFile(join(file(name), 'watches.yaml'), WATCHES);
  }
  await writeFile(file('articles.jsonl'), ARTICLES.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
afterAll(() => rm(dir, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
});

/** Runs a command and answers what it printed, and its exit code. */
async function run(command: (deps: ArchiveDeps) => Command, args: string[], archive: readonly ArchivedArticle[] = []) {
  const printed: string[] = [];
  let closed = 0;
  const deps: ArchiveDeps = {
    openArchive: async () => ({
      async *read({ sinceMs, untilMs }) {
        for (const record of archive) {
          const seen = Date.parse(record.article.seenAt);
          if (seen >= sinceMs && seen < untilMs) yield record;
        }
      },
      get: async (id) => archive.find(({ article }) => article.id === id) ?? null,
      close: async () => void closed++,
    }),
    print: (text) => printed.push(text),
    nowMs: NOW,
  };
  await command(deps).parseAsync(['--config', file('config'), ...args], { from: 'user' });
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  return { text: printed.join('\n'), lines: printed, code, closed };
}

function archived(id: string, title: string, seenAt: string, storyId: string): ArchivedArticle {
  const source = { id: 'x', name: 'X', kind: null, country: null, tags: [] };
  const article = {
    id,
    revision: 'r',
    guid: null,
    url: `https://x.example/${id}`,
    title,
    summary: '',
    text: '',
    author: null,
    categories: [],
    lang: 'en',
    publishedAt: seenAt,
    updatedAt: null,
    seenAt,
    at: seenAt,
    source,
  };
  return {
    article,
    storyId,
    verdict: 'copy',
    of: 'a0',
    similarity: 0.87,
    watches: ['minsk-visits'],
    configHash: 'c0ffee',
  };
}

describe('attache backtest', () => {
  it('tells for a file what each watch would have caught, and when', async () => {
    const { lines, code } = await run(backtestCommand, ['--file', file('articles.jsonl'), '--json']);
    const [minsk, volleyball] = lines.map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(minsk).toMatchObject({
      watch: 'minsk-visits',
      articles: 2,
      days: [
        { day: '2023-08-16', articles: 1 },
        { day: '2023-08-17', articles: 1 },
      ],
    });
    expect(volleyball).toMatchObject({
      watch: 'volleyball',
      articles: 1,
      samples: [{ title: 'Belarus wins at volleyball' }],
    });
  });

  it('draws a bar for each day and says what would be lost without each term', async () => {
    const { text } = await run(backtestCommand, ['--file', file('articles.jsonl'), '--watch', 'volleyball']);
    expect(text).toContain('2023-08-17 1 ████████████████████████████████████████  1 new story');
    expect(text).toMatch(/volleyball +100% +1 article, 1 story/);
    expect(text).not.toContain('minsk-visits');
  });

  it('tries a query that is no watch yet, and shows its mistakes', async () => {
    const { lines } = await run(backtestCommand, ['--file', file('articles.jsonl'), '--query', 'Tokyo', '--json']);
    expect(JSON.parse(lines[0]!)).toMatchObject({ watch: 'query', articles: 1 });
    await expect(run(backtestCommand, ['--file', file('articles.jsonl'), '--query', 'contry:JP'])).rejects.toThrow(
      'did you mean country:',
    );
    await expect(run(backtestCommand, ['--file', file('articles.jsonl'), '--query', 'country:Japan'])).rejects.toThrow(
      'country:JP',
    );
  });

  it('shows all mistakes of a query, each with its caret', async () => {
    const tried = run(backtestCommand, ['--file', file('articles.jsonl'), '--query', 'topic:defence OR org:natto']);
    await expect(tried).rejects.toThrow(/topic:defense\?\n.*\n\^+\n.*org:nato\?\n.*\n +\^+$/);
  });

  it('sums up several watches in a table, and leaves out what found nothing', async () => {
    const { text } = await run(backtestCommand, ['--file', file('articles.jsonl')]);
    expect(text).toMatch(/watch +articles +stories +new stories\/day\n +minsk-visits +2 /);
    expect(text).toContain('4 articles, 2023-08-16 to 2023-08-17');
  });

  it.each([
    ['backtest', () => run(backtestCommand, [])],
    ['gaps', () => run(gapsCommand, ['--watch', 'volleyball'])],
    ['plan', () => run(planCommand, ['--running', file('config')])],
  ])('%s says what to do where the archive is empty', async (_, running) => {
    const { text, code } = await running();
    expect(text).toContain('The archive holds no article of this time.');
    expect(text).toContain('--file articles.jsonl');
    expect(code).toBe(0);
  });

  it('reads the archive since a time, with the stories it knows, and closes it', async () => {
    const archive = [
      archived('b1', 'Old volleyball', '2023-08-01T08:00:00Z', 's0'),
      archived('b2', 'Volleyball in Riga', '2023-08-17T08:00:00Z', 's1'),
      archived('b3', 'Volleyball in Oslo', '2023-08-17T09:00:00Z', 's1'),
    ];
    const { lines, closed } = await run(backtestCommand, ['--watch', 'volleyball', '--since', '3d', '--json'], archive);
    expect(JSON.parse(lines[0]!)).toMatchObject({ articles: 2, stories: 1 });
    expect(closed).toBe(1);
  });

  it('names lines that cannot be read, tries the others, and exits with 1', async () => {
    await writeFile(file('bad.jsonl'), `{"id": "a"}\n\n${JSON.stringify(ARTICLES[2])}\nnot json\n`);
    const { lines, code } = await run(backtestCommand, [
      '--file',
      file('bad.jsonl'),
      '--watch',
      'volleyball',
      '--json',
    ]);
    expect(JSON.parse(lines[0]!)).toMatchObject({ articles: 1 });
    expect(code).toBe(1);
  });

  it.skipIf(availableParallelism() === 1)(
    'starts threads only for what takes longer than starting them, and counts every line once and in order with them',
    async () => {
      const choice = { config: file('config'), watch: 'volleyball' };
      const trial = await loadTrial(choice, process.env, new Date(NOW));
      const given = vi.spyOn(Worker.prototype, 'postMessage');
      let length = 0;
      /** Goes on until a thread has been given `toThreads` batches; each ends with a line that is none. */
      async function* batches(toThreads: number) {
        length = 0;
        for (let number = 0; number < 8 || (given.mock.calls.length < toThreads && number < 50_000); number++) {
          const lines = ARTICLES.map((one) => JSON.stringify({ ...one, id: `${one.id} ${number}` }));
          yield { lines: [...lines, 'not json'] };
          length = number + 1;
        }
      }
      const run = async (toThreads: number, threadsAfterMs?: number) => {
        const { articles, matches, errors } = await runTrial(trial, choice, batches(toThreads), NOW, threadsAfterMs);
        return { articles, matches: matches.map(({ article }) => article), lines: errors.map(({ line }) => line) };
      };
      const expected = (batch: number) => ({
        articles: batch * 4,
        matches: Array.from({ length: batch }, (_, number) => `${ARTICLES[2]!.id} ${number}`),
        lines: Array.from({ length: batch }, (_, number) => number * 5 + 5),
      });
      expect(await run(0)).toEqual(expected(length));
      expect(given).not.toHaveBeenCalled();
      expect(await run(3, 0)).toEqual(expected(length));
      expect(given.mock.calls.length).toBeGreaterThanOrEqual(3);
      given.mockRestore();
    },
    60_000,
  );

  it('refuses a watch that is not there, naming those that are', async () => {
    await expect(run(backtestCommand, ['--watch', 'minks'])).rejects.toThrow('known: minsk-visits, volleyball');
  });
});

describe('attache plan', () => {
  const plan = (...more: string[]) =>
    run(planCommand, ['--running', file('config'), '--file', file('articles.jsonl'), ...more]);

  it('says that nothing changes, and exits with 0', async () => {
    const { text, code } = await plan('--config', file('other'));
    expect(text).toBe('no difference over 4 articles');
    expect(code).toBe(0);
  });

  it('lists what a new config would match and what it would lose, and exits with 2', async () => {
    const changed = WATCHES.replace('topic:defense OR visit', 'visit').replace('id: volleyball', 'id: sport');
    await writeFile(join(file('other'), 'watches.yaml'), changed);
    const { text, code } = await plan('--config', file('other'));
    expect(code).toBe(2);
    expect(text).toContain(
      'minsk-visits (changed): 2 → 1 articles, +0 −1\n  − Belarus and China review joint military drills, y',
    );
    expect(text).toContain('volleyball (removed): 1 → 0 articles, +0 −1');
    expect(text).toContain('sport (added): 0 → 1 articles, +1 −0\n  + Belarus wins at volleyball, x');
  });
});

describe('attache gaps', () => {
  it('shows the articles of a story that a watch missed, and what they lacked', async () => {
    const archive = [
      archived('b1', 'Khrenin visit to Minsk', '2023-08-17T08:00:00Z', 's1'),
      archived('b2', 'Generals talk of joint drills', '2023-08-17T09:00:00Z', 's1'),
      archived('b3', 'Markets fall', '2023-08-17T09:00:00Z', 's2'),
    ];
    const { lines } = await run(gapsCommand, ['--watch', 'minsk-visits', '--json'], archive);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      watch: 'minsk-visits',
      matched: 1,
      missed: 1,
      stories: 1,
      samples: [{ title: 'Generals talk of joint drills' }],
    });
  });
});

describe('attache explain', () => {
  it('shows an article of a text file with topics, entities and each watch', async () => {
    await writeFile(file('article.txt'), "China's defence minister lands in Minsk\nHe met his counterpart.\n");
    const { text } = await run(explainCommand, [file('article.txt')]);
    expect(text).toContain("China's defence minister lands in Minsk\n");
    expect(text).toMatch(/✓ defense \d/);
    expect(text).toContain('BY  country: Minsk');
    expect(text).toContain('✓ country:BY  title: …defence minister lands in [Minsk]');
    expect(text).toContain('No part of it here: volleyball');
  });

  it('shows the near misses with what they lack, and fits the width of the terminal', async () => {
    await writeFile(
      file('near.txt'),
      'Minsk opens a museum of weaving\nIt has three floors, and nobody spoke of anything else.\n',
    );
    vi.stubEnv('COLUMNS', '60');
    const { text } = await run(explainCommand, [file('near.txt')]);
    vi.unstubAllEnvs();
    expect(text).toMatch(/Near misses\n {2}✗ minsk-visits: Visits to Minsk\n {6}one clause short: topic:defense/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    expect(text).not.toMatch(/\u001b/);
  });

  it('finds an archived article by its id, and tells its way', async () => {
    const record = archived('b1', 'Visit to Minsk', '2023-08-17T08:00:00Z', 's1');
    const { text } = await run(explainCommand, ['b1', '--watch', 'volleyball'], [record]);
    expect(text).toContain('fetched 2023-08-17T08:00:00Z');
    expect(text).toContain('story s1: copy of a0, 87% alike');
    const origin = archived('a0', 'The first report', '2023-08-16T08:00:00Z', 's1');
    const { text: known } = await run(explainCommand, ['b1', '--watch', 'volleyball'], [record, origin]);
    expect(known).toContain('story s1: copy of a0 “The first report”, X, 87% alike');
    expect(text).toContain('it matched minsk-visits');
    expect(text).toContain('✗ volleyball  not found');
    expect(text).not.toContain('Visits to Minsk');
  });

  it('says what to do where the archive has no such article', async () => {
    await expect(run(explainCommand, ['https://x.example/gone'])).rejects.toThrow('Save it as a text file');
  });

  it('answers in JSON, one line for each article of a file', async () => {
    const { lines } = await run(explainCommand, [file('articles.jsonl'), '--json']);
    expect(lines).toHaveLength(4);
    const { watches, topics } = JSON.parse(lines[0]!);
    expect(watches[0]).toMatchObject({ id: 'minsk-visits', verdict: { holds: true, op: 'and' } });
    expect(topics).toContainEqual(expect.objectContaining({ id: 'defense', given: true }));
  });
});

it('the shipped watches pass their own tests', async () => {
  const { knowledge } = await loadTrial({ config: 'config' }, {}, new Date(NOW));
  expect(knowledge.watches.watches.length).toBeGreaterThanOrEqual(10);
});
