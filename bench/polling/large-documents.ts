/**
 * Documents of 5 MB that are made to be expensive, each read in a parse thread under the shipped limits: `node --expose-gc bench/polling/large-documents.ts [name]`.
 * One process for each, so that memory is its own. See README.md.
 */
import { spawnSync } from 'node:child_process';
import { createParsePool } from '../../src/feeds/parse-pool.ts';

const MiB = 1024 * 1024;
const SIZE = Math.floor(4.9 * MiB);
const rss = (inner: string) => `<rss version="2.0"><channel><title>t</title>${inner}</channel></rss>`;
const item = (inner: string) => rss(`<item><title>a</title>${inner}</item>`);
const repeat = (text: string) => text.repeat(Math.floor(SIZE / text.length));
const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join('');
const lorem = (words: number) => 'lorem ipsum '.repeat(words / 2);

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'one attribute': () => item(`<guid x="${repeat('z')}">g</guid>`),
  'one attribute with brackets': () => item(`<guid x="${repeat('zzzzz>')}">g</guid>`),
  'one comment': () => item(`<!--${repeat('z')}-->`),
  'one instruction': () => item(`<?x ${repeat('z')}?>`),
  'one name': () => item(`<${repeat('z')}/>`),
  'one CDATA section': () => item(`<description><![CDATA[${repeat('z ')}]]></description>`),
  'one escaped text': () => item(`<description>${repeat('z &lt;b&gt; ')}</description>`),
  '1,990 items': () =>
    rss(
      many(
        1_990,
        (i) => `<item><title>Title ${i}</title><guid>${i}</guid><description>${lorem(400)}</description></item>`,
      ),
    ),
  '40,000 items': () =>
    rss(many(40_000, (i) => `<item><title>Title ${i}</title><link>http://a.example/${i}</link></item>`)),
  '1.2 million elements': () => `${item('')}${repeat('<a/>')}`,
  '1.2 million levels': () => `<rss>${repeat('<a>')}`,
  'XHTML of 1,000 entries': () =>
    `<feed xmlns="http://www.w3.org/2005/Atom">${many(
      1_000,
      (i) =>
        `<entry><title>${i}</title><content type="xhtml"><div>${'<p>lorem <b>ipsum</b> &amp; x</p>'.repeat(130)}</div></content></entry>`,
    )}</feed>`,
};

const [only = '', mode] = process.argv.slice(2);
if (mode === 'here') await measure(only);
else
  for (const name of Object.keys(DOCUMENTS).filter((one) => one.startsWith(only)))
    spawnSync(process.execPath, ['--expose-gc', import.meta.filename, name, 'here'], { stdio: 'inherit' });

async function measure(name: string): Promise<void> {
  const pool = createParsePool({ size: 1, timeoutMs: 20_000, heapMb: 128 });
  await pool.parse(Buffer.from(item('')));
  const bytes = new TextEncoder().encode(DOCUMENTS[name]!());
  const size = bytes.length;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  const startedAt = performance.now();
  const result = await pool.parse(bytes, {}, 'consume').then(
    ({ items, limits }) => `${items.length} items ${JSON.stringify(limits)}`,
    (error: { code: string }) => error.code,
  );
  clearInterval(watch);
  const took = `${Math.round(performance.now() - startedAt)} ms`;
  console.log(
    name.padEnd(28),
    `${(size / MiB).toFixed(1)} MiB`,
    `+${((peak - before) / MiB).toFixed(0)} MiB`.padStart(9),
    took.padStart(8),
    result,
  );
  await pool.close();
}
