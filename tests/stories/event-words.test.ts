import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BackgroundStatistics, readBackground } from '../../src/stories/background.ts';
import { countTerms, EVENT, IN_TITLE, NAME } from '../../src/stories/count-terms.ts';
import { type EventLine, readEventLines, readEvents, stemRunsOf } from '../../src/stories/find-events.ts';
import { hashText } from '../../src/stories/hash-text.ts';
import { article } from './articles.ts';

const LANGUAGES = ['en', 'pl', 'de', 'fr', 'es', 'pt', 'it', 'ru', 'uk', 'zh', 'ar'];
const TEXT = readFileSync(new URL('../../src/stories/event-words.data.txt', import.meta.url), 'utf8');

describe('the table of event words', () => {
  const lines = readEventLines(TEXT);

  it('has a name of its own for each line, and English words', () => {
    expect(lines.length).toBeGreaterThan(600);
    expect(new Set(lines.map(({ name }) => name)).size).toBe(lines.length);
    expect(lines.filter(({ columns }) => !columns.has('en')).map(({ name }) => name)).toEqual([]);
  });

  it('knows eleven languages and no other', () => {
    const known = [...LANGUAGES, '*'];
    const others = lines.filter(({ columns }) => [...columns.keys()].some((lang) => !known.includes(lang)));
    expect(others.map(({ name }) => name)).toEqual([]);
    for (const lang of LANGUAGES)
      expect(lines.filter(({ columns }) => columns.has(lang)).length, lang).toBeGreaterThan(550);
  });

  it('reads each term as what is written: several words as a run, and nothing as nothing', () => {
    const broken = lines.flatMap((line) =>
      LANGUAGES.flatMap((lang) =>
        (line.columns.get(lang) ?? []).filter((written) => {
          const [run = []] = stemRunsOf({ ...line, columns: new Map([[lang, [written]]]) }, lang);
          return run.length === 0 || (/[_-]/u.test(written) && run.length < 2);
        }),
      ),
    );
    expect(broken).toEqual([]);
  });

  it.each(LANGUAGES)('has each word under one meaning in %s', (lang) => {
    const meanings = new Map<string, Set<string>>();
    for (const line of lines)
      for (const run of stemRunsOf(line, lang)) {
        const key = run.join(' ');
        meanings.set(key, (meanings.get(key) ?? new Set()).add(line.name));
      }
    const doubtful = [...meanings].filter(([, names]) => names.size > 1);
    expect(doubtful.map(([key, names]) => `${key}: ${[...names].join(', ')}`)).toEqual([]);
  });
});

describe('an event', () => {
  const table = readEvents(
    [
      '# a comment',
      'fire: en fire blaze | pl pożar',
      'forest_fire: en forest_fire | zh 森林火',
      'two: en two | * 2',
    ].join('\n'),
    (term) => ({ fire: 0.02, blaze: 0.01, forest: 0.004 })[term] ?? 0.1,
  );

  it('is as common as its English words are together, and a run as its rarest word', () => {
    expect(table.get('pl')?.words.get('pozar')?.share).toBeCloseTo(0.03);
    expect(table.get('en')?.runs.get('fire')?.[0]?.event.share).toBeCloseTo(0.004);
    expect(table.get('en')?.words.get('two')?.share).toBeCloseTo(0.2);
  });

  it('of every language is found in languages that have lines, and in no other', () => {
    expect(table.get('zh')?.words.has('2')).toBe(true);
    expect(table.get('fi')).toBeUndefined();
  });
});

describe('an article', () => {
  let background: BackgroundStatistics;
  let names: ReadonlyMap<number, string>;
  beforeAll(() => {
    background = readBackground();
    names = new Map(readEventLines(TEXT).map(({ name }: EventLine) => [hashText(`#${name}`), name]));
  });
  const eventsOf = (lang: string, title: string): string[] =>
    countTerms(article({ id: 'a', title, lang, text: '', summary: '' }), background)
      .filter(({ flags }) => flags & EVENT)
      .map(({ key }) => names.get(key) ?? '?')
      .sort();

  it('tells what happened in the same terms whatever its language', () => {
    const expected = ['airport', 'earthquake', 'evacuate'];
    expect(eventsOf('en', 'Airport evacuated after earthquake')).toEqual(expected);
    expect(eventsOf('pl', 'Ewakuacja lotniska po trzęsieniu ziemi')).toEqual(expected);
    expect(eventsOf('pl', 'Lotnisko ewakuowano: wstrząsy sejsmiczne')).toEqual(expected);
    expect(eventsOf('de', 'Flughafen nach Erdbeben evakuiert')).toEqual(expected);
    expect(eventsOf('fr', "L'aéroport évacué après un séisme")).toEqual(expected);
    expect(eventsOf('es', 'Evacuado el aeropuerto tras un terremoto')).toEqual(expected);
    expect(eventsOf('pt', 'Aeroporto evacuado após terremoto')).toEqual(expected);
    expect(eventsOf('it', "Terremoto, evacuato l'aeroporto")).toEqual(expected);
    expect(eventsOf('ru', 'Эвакуация аэропорта после землетрясения')).toEqual(expected);
    expect(eventsOf('uk', 'Евакуація аеропорту після землетрусу')).toEqual(expected);
    expect(eventsOf('zh', '地震后机场疏散')).toEqual(expected);
    expect(eventsOf('ar', 'إخلاء مطار بعد زلزال')).toEqual(expected);
  });

  it('is found by words that mean it only together', () => {
    expect(eventsOf('en', 'They keep a cease-fire')).toEqual(['ceasefire', 'fire']);
    expect(eventsOf('fr', 'Un cessez-le-feu')).toContain('ceasefire');
    expect(eventsOf('fr', 'Le feu et le vent')).not.toContain('ceasefire');
    expect(eventsOf('zh', '直升机')).toEqual(['helicopter']);
    expect(eventsOf('zh', '直升的火箭')).not.toContain('helicopter');
  });

  it('names places in the same terms, as names', () => {
    const places = ['@crimea', 'bridge'];
    expect(eventsOf('en', 'A bridge in Crimea')).toEqual(places);
    expect(eventsOf('pl', 'Mosty na Krymie')).toEqual(places);
    expect(eventsOf('ru', 'Мост в Крыму')).toEqual(places);
    const named = countTerms(article({ id: 'a', title: 'Мост в Крыму', lang: 'ru', text: '' }), background);
    expect(named.find(({ key }) => names.get(key) === '@crimea')?.flags).toBe(EVENT | NAME | IN_TITLE);
  });

  it('meets another by a number that one writes as a word', () => {
    expect(eventsOf('en', '3 in a boat')).toEqual(eventsOf('en', 'Three in a boat'));
    expect(eventsOf('pl', 'Troje w łodzi')).toContain('number_3');
  });
});
