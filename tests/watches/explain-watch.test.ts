import { describe, expect, it } from 'vitest';
import { type ClauseVerdict, explainWatch, lacking } from '../../src/watches/explain-watch.ts';
import { matchWatches } from '../../src/watches/match-watches.ts';
import { WatchError } from '../../src/watches/watch-error.ts';
import { compile, type Written, watch } from './support.ts';

const STORY = 'country:CN AND country:BY AND (topic:defense OR role:defence-minister@CN)';

function explain(query: string, article: Written): ClauseVerdict {
  const { set, judge } = compile([watch(query)]);
  return explainWatch(set, 'w', judge(article));
}

/** A verdict as lines: mark, clause. */
function lines(verdict: ClauseVerdict, depth = 0): string[] {
  return [
    `${'  '.repeat(depth)}${verdict.holds ? '✓' : '✗'} ${verdict.text}`,
    ...verdict.parts.flatMap((part) => lines(part, depth + 1)),
  ];
}

describe('explaining a watch', () => {
  it('marks every clause in the order of the query', () => {
    expect(lines(explain(STORY, { title: 'Beijing', tags: ['CN', 'role:defence-minister@BY'] }))).toEqual([
      `✗ ${STORY}`,
      '  ✓ country:CN',
      '  ✗ country:BY',
      '  ✗ (topic:defense OR role:defence-minister@CN)',
      '    ✗ topic:defense',
      '    ✗ role:defence-minister@CN',
    ]);
  });

  it('names the fewest clauses that lacked', () => {
    expect(lacking(explain(STORY, { tags: ['CN'], topics: ['defense'] })).map(({ text }) => text)).toEqual([
      'country:BY',
    ]);
    expect(lacking(explain('minsk (beijing moscow OR warsaw) -sport', 'Minsk sport')).map(({ text }) => text)).toEqual([
      'warsaw',
      '-sport',
    ]);
    expect(lacking(explain('2 of (a1, b1, c1 d1)', 'a1')).map(({ text }) => text)).toEqual(['b1']);
  });

  it('counts how many clauses a near miss is away', () => {
    expect(explain(STORY, { tags: ['CN', 'BY'] }).missing).toBe(1);
    expect(explain(STORY, { tags: ['CN'] }).missing).toBe(2);
    expect(explain('minsk -(sport hockey)', 'Minsk sport hockey').missing).toBe(1);
    expect(explain('minsk -(sport OR hockey)', 'Minsk sport hockey').missing).toBe(2);
    expect(explain(STORY, { tags: ['CN', 'BY'], topics: ['defense'] }).missing).toBe(0);
  });

  it('shows the spans of clauses that hold', () => {
    const verdict = explain('minister "defence"', 'Defence Ministers meet');
    expect(verdict.parts.map(({ evidence }) => evidence)).toEqual([
      [{ field: 'title', start: 8, end: 17, text: 'Ministers', term: 'minister' }],
      [{ field: 'title', start: 0, end: 7, text: 'Defence', term: 'defence' }],
    ]);
  });

  const NOTES: readonly (readonly [query: string, article: Written, note: string])[] = [
    ['minsk', 'Moscow', 'not found'],
    ['title:minsk', { text: 'Minsk' }, 'found in the text, not in the title'],
    ['=AUKUS', 'the aukus pact', 'found only as "aukus"'],
    ['$navies', 'army', 'none of its 4 terms is found'],
    ['"minsk beijing"~1', 'Minsk a b c Beijing', 'at least 3 words stand between'],
    ['"minsk beijing"~1', 'Minsk', '"beijing" not found'],
    ['"minsk beijing"~1', { title: 'Minsk', text: 'Beijing' }, 'not all in one field'],
    ['title:/F-16/', 'F-15', 'found nowhere in the title'],
    ['country:BY', { tags: ['CN', 'PL'] }, 'countries found: CN, PL'],
    ['country:BY', 'Minsk', 'no countries found'],
    ['role:defence-minister@CN', { tags: ['role:defence-minister@BY'] }, 'roles found: defence-minister@BY'],
    ['topic:defense', { topics: ['conflict'] }, 'topics found: conflict'],
    ['lang:ru', 'Minsk', 'its language is en'],
    ['kind:wire', { kind: 'blog' }, 'its source is of kind blog'],
    ['source:belta', { source: 'bbc', sourceTags: ['uk'] }, 'its source is bbc, uk'],
    ['published:2023-08-01', { publishedAt: '2023-08-02T10:00:00Z' }, 'it is of 2023-08-02T10:00Z'],
  ];
  it.each(NOTES)('says of %s on %j: %s', (query, article, note) => {
    expect(explain(query, article).note).toBe(note);
  });

  it('gives the score of a topic that stayed under its threshold', () => {
    const { set, judge } = compile([watch('topic:defense')]);
    const judged = { ...judge('Minsk'), topicsBelow: [{ id: 'defense', score: 0.423, evidence: [] }] };
    expect(explainWatch(set, 'w', judged).note).toBe('scored 0.42, under its threshold; no topics found');
  });

  it('refuses a watch that is not there, naming those that are', () => {
    const { set, judge } = compile([watch('minsk')]);
    expect(() => explainWatch(set, 'v', judge('Minsk'))).toThrow(WatchError);
    expect(() => explainWatch(set, 'v', judge('Minsk'))).toThrow('watch v: there is none of this id; there are w');
  });
});

describe('the evidence of a match', () => {
  const evidence = (query: string, article: Written) => {
    const { set, judge } = compile([watch(query)]);
    return matchWatches(set, judge(article))[0]?.evidence ?? [];
  };

  it('comes from every clause that holds, in reading order, each span once', () => {
    const spans = evidence('(beijing OR minsk) visit minsk -volleyball', {
      title: 'Minsk visit',
      text: 'Beijing and Minsk',
    });
    expect(spans.map(({ field, text }) => `${field}:${text}`)).toEqual([
      'title:Minsk',
      'title:visit',
      'text:Beijing',
      'text:Minsk',
    ]);
  });

  it('of a tag is the tag’s own', () => {
    expect(evidence('country:CN', { title: 'Li in Minsk', tags: ['CN', 'BY'] })).toEqual([
      { field: 'title', start: 0, end: 11, text: 'Li in Minsk', term: 'CN' },
    ]);
  });

  it('of near shows each of its words, with the term as written', () => {
    expect(evidence('"minsk beijing"~8', 'From Beijing to Minsk').map(({ text, term }) => [text, term])).toEqual([
      ['Beijing', '"minsk beijing"~8'],
      ['Minsk', '"minsk beijing"~8'],
    ]);
  });

  it('of a group names the member that was found', () => {
    expect(evidence('$navies', 'A naval base').map(({ term }) => term)).toEqual(['naval*']);
  });

  it('of a regular expression has offsets that hold after an emoji', () => {
    expect(evidence('/F-?16/', '😀 F16')).toEqual([{ field: 'title', start: 3, end: 6, text: 'F16', term: '/F-?16/' }]);
  });

  it('stays small where an article repeats itself, and still shows every clause', () => {
    const query = Array.from({ length: 20 }, (_, number) => `w${number}`).join(' OR ');
    const text = `${Array.from({ length: 20 }, (_, number) => `w${number}`).join(' ')} `.repeat(200);
    const spans = evidence(query, { text });
    expect(spans).toHaveLength(24);
    expect(new Set(spans.map(({ term }) => term)).size).toBe(20);
  });
});
