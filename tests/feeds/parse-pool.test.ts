import { execFile } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createParsePool, type ParsePool, type ParsePoolOptions } from '../../src/feeds/parse-pool.ts';

const MIB = 1024 * 1024;
const feed = (description: string, title = 'x'): Buffer =>
  Buffer.from(
    `<rss version="2.0"><channel><item><title>${title}</title><description>${description}</description></item></channel></rss>`,
  );
const escaped = (html: string): string => html.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

let pool: ParsePool | null = null;
function open(options: Partial<ParsePoolOptions> = {}): ParsePool {
  pool = createParsePool({ size: 1, timeoutMs: 20_000, heapMb: 256, ...options });
  return pool;
}
const workerPorts = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
const portsAtStart = workerPorts();

afterEach(async () => {
  await pool?.close();
  pool = null;
  await expect.poll(workerPorts).toBe(portsAtStart);
});

describe('a parse pool', () => {
  it('reads what parseFeed reads, with its errors', async () => {
    const { parse } = open({ size: 2 });
    const [good, page] = await Promise.allSettled([
      parse(feed('d', 'Title'), { url: 'https://a.example/' }),
      parse(Buffer.from('<html></html>'), {}),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { items: [{ title: 'Title', summary: 'd' }] } });
    expect(page).toMatchObject({ status: 'rejected', reason: { name: 'FeedParseError', code: 'html' } });
  });

  it('leaves the caller its bytes', async () => {
    const bytes = new Uint8Array(feed('d'));
    await open().parse(bytes);
    expect(bytes.length).toBe(feed('d').length);
  });

  it('takes over bytes that the caller needs no more, without a copy; a view of something larger it copies', async () => {
    const { parse } = open();
    const whole = new Uint8Array(feed('d'));
    const view = new Uint8Array([...whole, ...whole]).subarray(0, whole.length);
    expect((await parse(whole, {}, 'consume')).items).toHaveLength(1);
    expect((await parse(view, {}, 'consume')).items).toHaveLength(1);
    expect([whole.length, view.length]).toEqual([0, feed('d').length]);
  });

  it('gives up on a document over its time, replaces the thread and goes on with the queue', async () => {
    const { parse } = open({ timeoutMs: 500 });
    const slow = parse(feed('&'.repeat(24 * MIB)));
    const next = parse(feed('d', 'the next'));
    await expect(slow).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('500 ms') });
    expect((await next).items[0]?.title).toBe('the next');
  });

  it('gives up on a document that wants more memory than a thread may have, and goes on', async () => {
    const { parse } = open({ heapMb: 24 });
    const hungry = parse(
      Buffer.from(`<rss>${Array.from({ length: 200_000 }, (_, i) => `<a${i} b="${i}"><c/></a${i}>`).join('')}</rss>`),
    );
    const next = parse(feed('d', 'the next'));
    await expect(hungry).rejects.toMatchObject({ code: 'out-of-memory' });
    expect((await next).items[0]?.title).toBe('the next');
  });

  it('keeps the event loop turning while a large document is read', async () => {
    const { parse } = open();
    let turns = 0;
    let reading = true;
    const answer = parse(feed(escaped('a < b '.repeat(400_000)))).finally(() => {
      reading = false;
    });
    while (reading) {
      await setImmediate();
      turns += 1;
    }
    expect((await answer).items).toHaveLength(1);
    expect(turns).toBeGreaterThan(100);
  });

  it('rejects what still waits when it is closed, and what comes later', async () => {
    const own = open();
    const waiting = [own.parse(feed('a')), own.parse(feed('b'))].map((p) => p.catch((e: { code: string }) => e.code));
    await own.close();
    expect(await Promise.all(waiting)).toEqual(['worker-lost', 'worker-lost']);
    await expect(own.parse(feed('c'))).rejects.toMatchObject({ code: 'worker-lost' });
  });

  it('does not keep a process alive that has nothing else to do', async () => {
    const script = `const { createParsePool } = await import(${JSON.stringify(new URL('../../src/feeds/parse-pool.ts', import.meta.url).href)});
      const feed = await createParsePool({ size: 1, timeoutMs: 20000, heapMb: 128 }).parse(Buffer.from('<rss version="2.0"><channel><title>ok</title></channel></rss>'));
      console.log(feed.title);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 15_000,
    });
    expect(stdout).toBe('ok\n');
  });
});

const entity = (i: number): string => `<!ENTITY l${i} "${`&l${i - 1};`.repeat(10)}">`;
const HOSTILE: readonly [name: string, document: () => Buffer | string][] = [
  ['400 KB of <', () => '<'.repeat(400_000)],
  ['400 KB of < in a description', () => feed('<![CDATA[' + '<'.repeat(400_000) + ']]>')],
  ['280 KB of text with comparisons', () => feed(escaped('a < b '.repeat(47_000)))],
  ['the same unescaped', () => feed('a < b '.repeat(47_000))],
  ['the same in a title', () => feed('x', escaped('a < b '.repeat(47_000)))],
  [
    'a billion laughs',
    () =>
      `<!DOCTYPE r [<!ENTITY l0 "ha">${Array.from({ length: 9 }, (_, i) => entity(i + 1)).join('')}]>${feed('&l9;')}`,
  ],
  ['100,000 nested tags in a body', () => feed('<b>'.repeat(100_000) + 'x' + '</b>'.repeat(100_000))],
  ['100,000 nested tags, escaped', () => feed('&lt;b>'.repeat(100_000))],
  ['100,000 nested elements', () => `<rss>${'<a>'.repeat(100_000)}`],
  [
    '100,000 nested descriptions',
    () => `<rss><channel><item>${'<description>'.repeat(100_000)}${'</description>'.repeat(50_000)}`,
  ],
  ['100,000 nested items', () => `<rss><channel>${'<item>'.repeat(100_000)}`],
  ['an attribute of 5 MiB', () => `<rss version="2.0" a="${'x'.repeat(5 * MIB)}"><channel/></rss>`],
  [
    '100,000 attributes',
    () => `<rss ${Array.from({ length: 100_000 }, (_, i) => `a${i}="1"`).join(' ')}><channel/></rss>`,
  ],
  ['entities without end', () => feed('&amp;#x41;'.repeat(100_000) + '&foo'.repeat(100_000) + '&'.repeat(100_000))],
  [
    'unclosed CDATA, comments and declarations',
    () => feed('<![CDATA['.repeat(50_000)) + '<!--'.repeat(50_000) + '<!'.repeat(50_000),
  ],
  ['declarations alone', () => '<!DOCTYPE a ['.repeat(100_000)],
  ['a million marks on one letter', () => feed('e' + '\u0301\u0323'.repeat(500_000))],
  ['namespaces without end', () => `<rss ${'xmlns:a '.repeat(100_000)}xmlns:${'b'.repeat(MIB)}><channel/></rss>`],
  ['brackets in JSON', () => `{"version":"https://jsonfeed.org/version/1","items":${'['.repeat(MIB)}`],
  [
    'dates of 2,000 brackets',
    () =>
      `<rss version="2.0"><channel>${`<item><pubDate>1 ${'('.repeat(2_000)}</pubDate></item>`.repeat(500)}</channel></rss>`,
  ],
  ['white space', () => feed(' '.repeat(2 * MIB) + 'x' + '\n '.repeat(MIB))],
  ['zero bytes', () => Buffer.alloc(MIB)],
];

describe('a hostile document', () => {
  it.each(HOSTILE)('%s is answered within the time and memory of a thread', async (_, document) => {
    const answer = await open()
      .parse(Buffer.from(document()))
      .then(
        () => 'read',
        (error: { code: string }) => error.code,
      );
    expect(['read', 'empty', 'not-a-feed', 'malformed', 'too-deep']).toContain(answer);
  });
});
