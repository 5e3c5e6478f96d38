import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'attache-parse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const command = JSON.stringify(new URL('../../cli/parse.ts', import.meta.url).href);
const script = `const { parseCommand } = await import(${command});
const fetchSource = async (url) => {
  if (url.endsWith('/down')) throw Object.assign(new Error('fetch: no answer'), { code: 'timeout' });
  return { bytes: Buffer.from('<rss version="2.0"><channel><title>Fetched</title><item><link>/1</link></item></channel></rss>'), url };
};
await parseCommand({ fetchSource }).parseAsync(['node', 'parse', ...process.argv.slice(1)]);`;

async function parse(...args: string[]): Promise<{ lines: Record<string, unknown>[]; exit: number; stderr: string }> {
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, '--', ...args], {
    cwd: folder,
  });
  const { stdout, stderr, code } = await run.then(
    (done) => ({ ...done, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => failed,
  );
  return {
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    exit: code,
    stderr,
  };
}

const feed = (title: string, item = ''): string =>
  `<rss version="2.0"><channel><title>${title}</title><language>en-GB</language><link>https://a.example/</link>${item}</channel></rss>`;
writeFileSync(
  join(folder, 'good.xml'),
  feed(
    'Good',
    '<item><title>One</title><link>/1?utm_source=rss</link><guid isPermaLink="false">g</guid><description>&lt;p>Words&lt;/p></description><pubDate>Mon, 14 Aug 2023 09:30:00 +0200</pubDate></item>',
  ),
);
writeFileSync(join(folder, 'page.html'), '<!doctype html><p>Hello');
writeFileSync(
  join(folder, 'cyrillic.xml'),
  Buffer.concat([
    Buffer.from('<rss version="2.0"><channel><title>'),
    Buffer.from([0xcc, 0xe8, 0xed, 0xf1, 0xea]),
    Buffer.from('</title></channel></rss>'),
  ]),
);
writeFileSync(join(folder, 'large.xml'), Buffer.alloc(5 * 1024 * 1024 + 1, ' '));

describe('attache parse', () => {
  it('prints one JSON line for each feed, plain and complete', async () => {
    const { lines, exit } = await parse('good.xml');
    expect(exit).toBe(0);
    expect(lines).toEqual([
      {
        file: 'good.xml',
        title: 'Good',
        link: 'https://a.example/',
        language: 'en-GB',
        format: 'rss',
        articles: [
          {
            id: expect.stringMatching(/^[\da-f]{32}$/),
            guid: 'g',
            url: 'https://a.example/1?utm_source=rss',
            title: 'One',
            summary: 'Words',
            text: '',
            author: null,
            categories: [],
            publishedAt: '2023-08-14T07:30:00.000Z',
            updatedAt: null,
            lang: 'en',
          },
        ],
      },
    ]);
  });

  it('answers for what cannot be read too, in order, and ends with exit code 1', async () => {
    const { lines, exit } = await parse('page.html', 'missing.xml', 'large.xml', 'https://a.example/down', 'good.xml');
    expect(exit).toBe(1);
    expect(lines.map(({ file, url, error }) => [file ?? url, (error as { code: string } | undefined)?.code])).toEqual([
      ['page.html', 'html'],
      ['missing.xml', 'unreadable'],
      ['large.xml', 'too-large'],
      ['https://a.example/down', 'timeout'],
      ['good.xml', undefined],
    ]);
  });

  it('takes base and charset from a list, and fetches its URLs', async () => {
    const list = [
      { file: 'good.xml', url: 'https://b.example/feeds/x' },
      { file: 'cyrillic.xml', contentType: 'text/xml; charset=windows-1251' },
      { url: 'https://c.example/feed' },
      { neither: true },
    ];
    writeFileSync(join(folder, 'list.jsonl'), `${list.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n`);
    const { lines, exit } = await parse('--list', 'list.jsonl');
    expect(exit).toBe(1);
    expect(lines).toMatchObject([
      { file: 'good.xml', articles: [{ url: 'https://b.example/1?utm_source=rss' }] },
      { file: 'cyrillic.xml', title: 'Минск' },
      { url: 'https://c.example/feed', title: 'Fetched', articles: [{ url: 'https://c.example/1' }] },
      { error: { code: 'bad-line', message: expect.stringContaining('list.jsonl:4') } },
      { error: { code: 'bad-line', message: expect.stringContaining('list.jsonl:6') } },
    ]);
  });

  it('says what is missing when it is given nothing', async () => {
    const { lines, exit, stderr } = await parse();
    expect({ lines, exit }).toEqual({ lines: [], exit: 1 });
    expect(stderr).toContain('--list');
  });
});
