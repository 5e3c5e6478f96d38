import { describe, expect, it } from 'vitest';
import { checkQuery } from '../../src/watches/check-query.ts';
import { parseQuery } from '../../src/watches/parse-query.ts';
import type { QueryProblem, QueryProblemCode } from '../../src/watches/query-problem.ts';
import { VOCABULARY } from './support.ts';

const check = (query: string): QueryProblem[] => checkQuery(parseQuery(query), VOCABULARY);

describe('a name that does not exist is an error with the nearest that does', () => {
  const NAMES: readonly (readonly [
    query: string,
    code: QueryProblemCode,
    marked: string,
    suggestion: string | undefined,
  ])[] = [
    ['minsk topic:defence', 'unknown-topic', 'topic:defence', 'topic:defense'],
    ['topic:exercises', 'unknown-topic', 'topic:exercises', 'topic:defense/exercises'],
    ['topic:weather', 'unknown-topic', 'topic:weather', undefined],
    ['country:Belarus', 'unknown-country', 'country:Belarus', 'country:BY'],
    ['country:UK', 'unknown-country', 'country:UK', 'country:GB'],
    ['country:CHN', 'unknown-country', 'country:CHN', 'country:CN'],
    ['country:Belarsu', 'unknown-country', 'country:Belarsu', 'country:BY'],
    ['country:"South Korea"', 'unknown-country', 'country:"South Korea"', 'country:KR'],
    ['country:ZZ', 'unknown-country', 'country:ZZ', undefined],
    ['org:natto', 'unknown-org', 'org:natto', 'org:nato'],
    ['person:shangfu', 'unknown-person', 'person:shangfu', 'person:li-shangfu'],
    ['role:defense-minister', 'unknown-role', 'role:defense-minister', 'role:defence-minister'],
    ['role:defence-minister@China', 'unknown-country', 'role:defence-minister@China', 'role:defence-minister@CN'],
    ['lang:english', 'unknown-lang', 'lang:english', 'lang:en'],
    ['lang:zh-CN', 'unknown-lang', 'lang:zh-CN', 'lang:zh'],
    ['source:bbc-wrld', 'unknown-source', 'source:bbc-wrld', 'source:bbc-world'],
    ['kind:newspapers', 'unknown-kind', 'kind:newspapers', 'kind:newspaper'],
    ['$navy', 'unknown-group', '$navy', undefined],
    ['$navie', 'unknown-group', '$navie', '$navies'],
    ['$toString', 'unknown-group', '$toString', undefined],
    ['country:$navies', 'unknown-country', 'country:$navies', undefined],
    ['topic:exercise', 'unknown-topic', 'topic:exercise', 'topic:defense/exercises'],
    ['minsk $lost', 'unknown-group', '$lost', undefined],
  ];
  it.each(NAMES)('%s is %s', (query, code, marked, suggestion) => {
    const [first] = check(query);
    expect(first).toMatchObject({ code, severity: 'error' });
    expect(query.slice(first!.offset, first!.offset + first!.length)).toBe(marked);
    expect(first?.suggestion).toBe(suggestion);
    if (suggestion) expect(first?.message).toContain(suggestion);
  });

  it('tells all at once, in the order of the query', () => {
    expect(check('topic:defence OR country:Poland OR org:nsto').map(({ code }) => code)).toEqual([
      'unknown-topic',
      'unknown-country',
      'unknown-org',
    ]);
  });

  it('lists what there is where nothing is near and the list is short', () => {
    expect(check('kind:podcast')[0]?.message).toContain('state-media');
  });
});

describe('a query that can never match is an error that names the part at fault', () => {
  const NEVER: readonly (readonly [query: string, marked: string])[] = [
    ['minsk -minsk', '-minsk'],
    ['minsk AND (beijing -beijing)', '-beijing'],
    ['lang:en lang:ru', 'lang:ru'],
    ['kind:wire minsk kind:blog', 'kind:blog'],
    ['topic:defense/exercises -topic:defense', '-topic:defense'],
    ['role:defence-minister@CN -role:defence-minister', '-role:defence-minister'],
    ['title:minsk -minsk', '-minsk'],
    ['"minsk" -minsk', '-minsk'],
    ['=AUKUS -aukus', '-aukus'],
    ['"minsk beijing"~8 -"minsk"', '-"minsk"'],
    ['published:2023-08-01 published:2023-08-02', 'published:2023-08-02'],
    ['minsk $empty', '$empty'],
    ['4 of $regions', '4 of $regions'],
    ['2 of (minsk, -minsk, beijing -beijing)', '2 of (minsk, -minsk, beijing -beijing)'],
    ['(minsk OR beijing) -minsk -beijing', '(minsk OR beijing) -minsk -beijing'],
    ['"Royal Navy" -$navies', '-$navies'],
    ['lang:$slavic lang:de', 'lang:de'],
    ['2 of $slavic-languages', '2 of $slavic-languages'],
    ['source:bbc-world minsk source:belta', 'source:belta'],
    ['source:belta kind:wire', 'kind:wire'],
    ['2 of $doubled', '2 of $doubled'],
  ];
  it.each(NEVER)('%s', (query, marked) => {
    const [first] = check(query);
    expect(first).toMatchObject({ code: 'never-matches', severity: 'error' });
    expect(query.slice(first!.offset, first!.offset + first!.length)).toBe(marked);
  });
});

describe('a query that matches everything is an error', () => {
  it.each([
    'minsk OR -minsk',
    'minsk OR NOT title:minsk',
    '-lang:en OR -lang:ru',
    '-(minsk beijing) OR minsk',
    '1 of (minsk, -minsk)',
    'topic:defense OR -topic:defense/exercises',
  ])('%s', (query) => {
    expect(check(query)).toMatchObject([{ code: 'matches-everything', severity: 'error' }]);
  });
});

describe('a query for which a word of grammar is enough is an error that names the word and the way out', () => {
  const COMMON: readonly (readonly [query: string, marked: string, language: string])[] = [
    ['a', 'a', 'English'],
    ['The', 'The', 'English'],
    ['title:the', 'title:the', 'English'],
    ['"the"', '"the"', 'English'],
    ['the AND of', 'the', 'English'],
    ['minsk OR (beijing AND kyiv) OR was', 'was', 'English'],
    ['2 of (minsk, the, with)', 'the', 'English'],
    ['the -volleyball', 'the', 'English'],
    ['is', 'is', 'English'],
    ['że', 'że', 'Polish'],
    ['в', 'в', 'Russian'],
    ['的', '的', 'Chinese'],
    ['$filler', '$filler', 'English'],
  ];
  const check = (query: string) =>
    checkQuery(parseQuery(query), { ...VOCABULARY, terms: { ...VOCABULARY.terms, filler: ['frigate', 'the'] } });
  it.each(COMMON)('%s', (query, marked, language) => {
    const [first, ...more] = check(query);
    expect([first, more]).toMatchObject([{ code: 'common-word', severity: 'error' }, []]);
    expect(query.slice(first!.offset, first!.offset + first!.length)).toBe(marked);
    expect(first!.message).toContain(`in nearly every ${language} text`);
  });

  it('tells how a name that is spelt like one is asked for, and in which group it stands', () => {
    expect(check('who')[0]?.message).toMatch(/say what to look for, or write =WHO where it is a name in capitals$/);
    expect(check('$filler')[0]?.message).toContain('"the" (a member of $filler) stands');
  });

  it.each([
    'the AND minsk',
    '"the who"',
    '=WHO',
    '=IS',
    'the*',
    'lang:de AND die',
    'a AND source:belta',
    'und AND the',
    'minsk -the',
  ])('not so: %s', (query) => expect(check(query)).toEqual([]));
});

describe('what is odd but possible is a warning', () => {
  it.each([
    ['NOT volleyball', 'only-excludes'],
    ['minsk OR -volleyball', 'only-excludes'],
    ['minsk or beijing', 'small-operator'],
    ['minsk OR (beijing lang:en lang:ru)', 'never-matches'],
    ['2 of (minsk, beijing -beijing, kyiv)', 'never-matches'],
    ['minsk -(beijing -beijing)', 'says-nothing'],
    ['minsk NOT (lang:en lang:ru)', 'says-nothing'],
    ['minsk (beijing OR -beijing)', 'says-nothing'],
    ['Minsk And Beijing', 'small-operator'],
    ['minsk NEAR beijing', 'small-operator'],
    ['minsk NEAR/5 beijing', 'small-operator'],
    ['minsk w/5 beijing', 'small-operator'],
    ['country:CN BY', 'stray-value'],
    ['topic:defense diplomacy', 'stray-value'],
  ] as const)('%s', (query, code) => {
    expect(check(query)).toMatchObject([{ code, severity: 'warning' }]);
  });
});

describe('a sensible query has no problem', () => {
  it.each([
    'country:CN AND country:BY AND (topic:defense OR role:defence-minister@CN)',
    'lang:en OR lang:ru',
    '-lang:en minsk',
    'NOT lang:en',
    '$navies -country:$baltics',
    '2 of $regions',
    '2 of (minsk, beijing, -volleyball)',
    'minsk "minsk"',
    '"minsk" -"in minsk"',
    'minsk -"minsk street"',
    'minsk -title:minsk',
    'role:$envoys kind:wire',
    'published:2023-08 published:2023-08-16',
    'rock "and" roll',
    'country:XK country:TW country:PS',
    '$fleets',
    '2 of $fleets',
    'source:baltic source:belta',
    'source:belta kind:state-media',
    'lang:$slavic lang:ru',
    'U.S. -u.s.',
    'country:CN Minsk "BY"',
    'country:CN (BY OR minsk)',
  ])('%s', (query) => {
    expect(check(query)).toEqual([]);
  });

  it('also where its logic is too tangled to decide', () => {
    const parts = Array.from({ length: 200 }, (_, i) => `(w${i} OR -w${(i * 7) % 200} OR w${(i * 13) % 200})`);
    const codes = check(parts.join(' ')).map(({ code }) => code);
    expect(codes.filter((code) => code !== 'says-nothing')).toEqual(['only-excludes']);
  });
});

describe('a group is checked with all it names', () => {
  const terms = {
    ...VOCABULARY.terms,
    'holds-itself': ['$circle'],
    circle: ['$holds-itself'],
    'names-none': ['frigate', '$nowhere'],
  };
  const problems = (query: string) => checkQuery(parseQuery(query), { ...VOCABULARY, terms });

  it('names the circle of a group that holds itself', () => {
    const [first] = problems('$circle');
    expect(first).toMatchObject({ code: 'bad-group-member', severity: 'error' });
    expect(first?.message).toContain('$circle → $holds-itself → $circle');
  });

  it('names the group in which an unknown one is named', () => {
    const [first] = problems('minsk $names-none');
    expect(first).toMatchObject({ offset: 6, group: { name: 'names-none', member: 1 } });
    expect(first?.message).toContain('$nowhere (named by $names-none');
  });

  it.each(['topic:defense', '"a b"~8', '-x', '(a OR b)', 'fuzzy~', 'boost^2', '/re/', 'a*b', 'a OR b', '"open'])(
    'refuses what is more than a term: %s',
    (member) => {
      const found = checkQuery(parseQuery('$odd'), { ...VOCABULARY, terms: { odd: [member] } });
      expect(found).toMatchObject([{ code: 'bad-group-member', severity: 'error', group: { name: 'odd', member: 0 } }]);
      expect(found[0]?.message).toContain(member);
    },
  );

  it.each([
    'Trinidad and Tobago',
    'Yahoo!',
    "O'Brien",
    'TCP/IP',
    '“Royal Navy”',
    '="Royal Navy"',
    '中国*',
    'Hamas (group)',
  ])('takes words and phrases as they are written: %s', (member) => {
    expect(checkQuery(parseQuery('$fine'), { ...VOCABULARY, terms: { fine: [member] } })).toEqual([]);
  });
});

it('a hostile query is checked within its budget, not for ever', () => {
  const hole = (pigeon: number, place: number): string => `p${pigeon}h${place}`;
  const pigeons = [...Array(8).keys()].map(
    (pigeon) => `(${[...Array(7).keys()].map((place) => hole(pigeon, place)).join(' OR ')})`,
  );
  const apart = [...Array(7).keys()].flatMap((place) =>
    [...Array(8).keys()].flatMap((a) => [...Array(a).keys()].map((b) => `-(${hole(a, place)} ${hole(b, place)})`)),
  );
  const tangle = `(${[...pigeons, ...apart].join(' ')})`;
  expect(check([tangle, tangle, 'minsk'].join(' OR ')).filter(({ severity }) => severity === 'error')).toEqual([]);
});
