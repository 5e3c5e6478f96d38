import { expect, it } from 'vitest';
import { expandInternalEntities } from '../../src/feeds/internal-entities.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';

const doctype = (...entities: string[]): string => `<!DOCTYPE rss [${entities.join('\n')}]>`;

it('the first declaration of an entity counts, and CDATA is left as it is', () => {
  const prolog = doctype('<!ENTITY co "Acme">', "<!ENTITY co 'Other'>", '<!ENTITY amp "no">');
  expect(expandInternalEntities(prolog, '<a>&co; &amp; &unknown; <![CDATA[&co;]]> &co;</a>')).toBe(
    '<a>Acme &amp; &unknown; <![CDATA[&co;]]> Acme</a>',
  );
});

it('entities that hold entities, and very many references, cannot blow a document up', async () => {
  const levels = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`);
  const bomb = `${doctype('<!ENTITY l0 "lol">', ...levels)}<rss version="2.0"><channel><item><title>&l20;</title></item></channel></rss>`;
  expect((await parseFeed(new TextEncoder().encode(bomb))).items[0]!.title.length).toBeLessThan(1_000);
  const prolog = doctype(`<!ENTITY x "${'x'.repeat(1_000)}">`);
  expect(expandInternalEntities(prolog, '&x;'.repeat(100_000)).length).toBeLessThan(600_000);
});
