import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { runAttache } from '../support/run-attache.ts';

const VISIT = {
  id: 'a1',
  title: "China's defence minister lands in Minsk for three-day visit",
  text: 'Li Shangfu, who came from Moscow, was received by his Belarusian counterpart, Viktor Khrenin, at the airport in Minsk.',
  publishedAt: '2023-08-16T08:00:00Z',
};
const lines = (...values: (object | string)[]): string =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

test('triage says of each article its language, story, topics, entities and matches, in the order of the input', async () => {
  const wheat = {
    id: 'a2',
    title: 'Wheat prices ease as harvest beats forecasts',
    publishedAt: '2023-08-16T09:00:00Z',
  };
  const { code, stdout } = await runAttache(['triage'], lines(VISIT, wheat));
  expect(code).toBe(0);
  const [visit, other] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(visit).toMatchObject({ id: 'a1', lang: 'en', story: { verdict: 'new', of: null, similarity: null } });
  expect(visit.entities).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'CN', type: 'country' }),
      expect.objectContaining({ id: 'BY', type: 'country' }),
      expect.objectContaining({ id: 'defence-minister', type: 'role', country: 'CN' }),
    ]),
  );
  const topics: string[] = visit.topics.map((topic: { id: string }) => topic.id);
  expect(topics).toEqual(expect.arrayContaining(['defense', 'diplomacy']));
  expect(visit.matches.map((match: { watch: string }) => match.watch)).toContain('china-belarus-defence');
  for (const { evidence } of [...visit.topics, ...visit.entities, ...visit.matches]) {
    for (const { field, start, end, text } of evidence)
      expect(VISIT[field as 'title' | 'text'].slice(start, end)).toBe(text);
  }
  expect(other).toMatchObject({ id: 'a2', matches: [], topics: [] });
  expect(other.story.id).not.toBe(visit.story.id);
});

test('the same address or guid with another headline is a revision of the first, and the same text elsewhere a copy', async () => {
  const text =
    `${VISIT.text} The two sides will discuss joint exercises and training, the ministry said in a statement on Wednesday. `.repeat(
      3,
    );
  const url = 'https://one.example/visit';
  const { stdout } = await runAttache(
    ['triage'],
    lines(
      { ...VISIT, text, url, guid: 'g1' },
      { ...VISIT, text, id: 'b', title: 'Chinese minister in Belarus', url: `${url}?utm_source=rss` },
      { ...VISIT, text, id: 'c', title: 'Li Shangfu in Minsk', url: 'https://one.example/moved', guid: 'g1' },
      { ...VISIT, text, id: 'd', title: 'Chinese defence chief visits Minsk', url: 'https://two.example/9' },
    ),
  );
  const stories = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).story);
  expect(stories.map((story) => [story.verdict, story.of])).toEqual([
    ['new', null],
    ['revision', 'a1'],
    ['revision', 'a1'],
    ['copy', 'a1'],
  ]);
  expect(new Set(stories.map((story) => story.id)).size).toBe(1);
});

test('a bad line gives its error at its place, the others are judged, and the exit code is 1', async () => {
  const { code, stdout } = await runAttache(['triage'], lines('{"id": "x"', { id: 'y' }, VISIT));
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers[0]).toEqual({ error: { code: 'not-json', message: expect.stringMatching(/^line 1: not JSON/) } });
  expect(answers[1]).toEqual({
    id: 'y',
    error: { code: 'bad-article', message: 'line 2: expected a title or a text' },
  });
  expect(answers[2]).toMatchObject({ id: 'a1' });
  expect(code).toBe(1);
});

test('a line is answered when it is whole, while more is to come', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'cli/attache.mjs'), 'triage'], { cwd: ROOT, stdio: 'pipe' });
  const [first, second] = [JSON.stringify(VISIT), JSON.stringify({ ...VISIT, id: 'a2' })];
  const half = Math.floor(second.length / 2);
  child.stdin.write(`${first}\r\n${second.slice(0, half)}`);
  const [answer] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ id: 'a1' });
  child.stdin.end(second.slice(half));
  const [last] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(last.toString())).toMatchObject({ id: 'a2', story: { of: 'a1' } });
  await once(child, 'close');
});
