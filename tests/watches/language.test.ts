import { describe, expect, it } from 'vitest';
import { matchWatches } from '../../src/watches/match-watches.ts';
import { compile, type Written, watch } from './support.ts';

/** What a query finds and what it leaves. */
type Row = readonly [query: string, finds: readonly Written[], leaves: readonly Written[]];

const LANGUAGE: Readonly<Record<string, readonly Row[]>> = {
  'a plain word is found in any of its forms, whatever its case and accents': [
    ['minister', ['The minister', 'Ministers meet', 'MINISTER'], ['Ministry', 'administer']],
    ['tank', ['A tank', 'Tanks'], ['Thank you', 'tanker']],
    ['China', ["China's army", 'CHINA', 'In China.'], ['Chinatown']],
    ['Orbán', ['Orban speaks', 'ORBÁN'], ['Orbit']],
    ['министр', [{ title: 'Визит министра', lang: 'ru' }], [{ title: 'Министерство', lang: 'ru' }]],
    ['国防部长', [{ title: '中国国防部长访问明斯克', lang: 'zh' }], [{ title: '中国国防部', lang: 'zh' }]],
    ['F-16', ['An F-16 lands', 'F16s'], ['F-15', '16 F']],
    ['cease-fire', ['cease-fire', 'A ceasefire', 'cease fire'], ['Fire and cease']],
    ['1,000', ['Some 1,000 troops'], ['1 troop']],
    ['of', ['State of play'], ['Offer']],
  ],
  'words side by side must all be there, in any order': [
    ['minsk beijing', ['Beijing to Minsk', { title: 'Minsk', text: 'Beijing' }], ['Minsk', 'Beijing']],
    ['minsk AND beijing', ['Beijing to Minsk'], ['Minsk']],
    ['minsk && beijing', ['Beijing to Minsk'], ['Minsk']],
    ['+minsk +beijing', ['Beijing to Minsk'], ['Minsk', 'Beijing']],
    ['minsk +beijing', ['Beijing to Minsk'], ['Minsk', 'Beijing']],
    ['+minsk beijing -sport', ['Beijing to Minsk'], ['Minsk', 'Beijing, Minsk, sport']],
  ],
  'OR takes either, NOT and - exclude': [
    ['minsk OR beijing', ['Minsk', 'Beijing', 'Both: Minsk, Beijing'], ['Moscow']],
    ['minsk || beijing', ['Minsk', 'Beijing'], ['Moscow']],
    ['minsk NOT volleyball', ['Minsk'], ['Minsk volleyball', 'Volleyball']],
    ['minsk -volleyball', ['Minsk'], ['Minsk volleyball']],
    ['minsk !volleyball', ['Minsk'], ['Minsk volleyball']],
    ['minsk -(volleyball OR hockey)', ['Minsk'], ['Minsk hockey', 'Minsk volleyball']],
    ['minsk -"ice hockey"', ['Minsk', 'Minsk hockey'], ['Minsk ice hockey']],
    ['NOT NOT minsk', ['Minsk'], ['Moscow']],
    ['NOT volleyball', ['Minsk', ''], ['Volleyball']],
  ],
  'NOT binds before AND, AND before OR, parentheses before all': [
    ['a1 OR b1 AND c1', ['a1', 'b1 c1', 'a1 b1'], ['b1', 'c1']],
    ['a1 OR b1 c1', ['a1', 'b1 c1'], ['b1', 'c1']],
    ['a1 b1 OR c1 d1', ['a1 b1', 'c1 d1'], ['a1 d1', 'b1 c1']],
    ['(a1 OR b1) AND c1', ['a1 c1', 'b1 c1'], ['a1', 'c1']],
    ['NOT a1 AND b1', ['b1'], ['a1 b1', 'a1', '']],
    ['NOT a1 OR b1', ['b1', '', 'a1 b1'], ['a1']],
    ['NOT (a1 OR b1)', ['c1'], ['a1', 'b1']],
    ['NOT (a1 AND b1)', ['a1', 'b1', ''], ['a1 b1']],
    ['a1 OR -b1', ['a1', '', 'a1 b1'], ['b1']],
    ['((((a1))))', ['a1'], ['b1']],
    ['a1 AND (b1 OR (c1 AND NOT d1))', ['a1 b1 d1', 'a1 c1'], ['a1 c1 d1', 'b1']],
    ['a1\n  OR\tb1', ['a1', 'b1'], ['c1']],
  ],
  'operators in small letters, escaped or quoted are words': [
    ['rock and roll', ['Rock and roll'], ['Rock roll']],
    ['\\AND gate', ['AND gate'], ['Gate']],
    ['"OR"', ['this or that'], ['this that']],
    ['AT\\&T', ['AT&T'], ['AT']],
  ],
  'a quoted phrase is exact up to case and accents': [
    [
      '"defence minister"',
      ['Defence Minister lands', 'the DEFENCE MINISTER'],
      ['defence ministers', 'minister of defence', 'defence and minister'],
    ],
    ['"ministers"', ['Ministers'], ['Minister']],
    ['"São Paulo"', ['Sao Paulo'], ['Paulo Sao']],
    [
      '«Адмирал Кузнецов»',
      [{ title: 'Авианосец «Адмирал Кузнецов»', lang: 'ru' }],
      [{ title: 'Адмирала Кузнецова', lang: 'ru' }],
    ],
    ['"China’s army"', ["China's army", 'China’s army'], ['Chinas army']],
    ['“defence minister”', ['Defence minister'], ['defence ministers']],
    ['"中国国防"', [{ title: '中国国防部长', lang: 'zh' }], [{ title: '国防中国', lang: 'zh' }]],
    ['"say \\"no\\""', ['They say "no" again'], ['They say']],
    ['"military exerc*"', ['military exercises', 'Military exercise'], ['exercises military', 'militaries exercise']],
    ['minsk "three-day visit"', ['Minsk: three-day visit'], ['Minsk visit, three day']],
    ['"two fields"', [{ title: 'x', text: 'two fields' }], [{ title: 'two', summary: 'fields' }]],
  ],
  'near allows at most so many words between, in any order, in one field': [
    [
      '"minsk beijing"~2',
      ['Minsk and the Beijing', 'Beijing, Minsk', 'Beijing one two Minsk'],
      ['Minsk one two three Beijing'],
    ],
    ['"minsk beijing"~0', ['Minsk Beijing', 'Beijing Minsk'], ['Minsk, then Beijing']],
    [
      '"minsk beijing"~8',
      ['Minsk a b c d e f g h Beijing'],
      ['Minsk a b c d e f g h i Beijing', { title: 'Minsk', text: 'Beijing' }],
    ],
    ['"a1 b1 c1"~1', ['c1 x a1 b1', 'b1 a1 c1'], ['c1 x a1 y b1']],
    ['"war war"~1', ['war after war'], ['war', 'war is not the only war']],
    ['"militar* exerc*"~1', ['military joint exercises'], ['military and then again exercises']],
    ['"minsk visit"~3', ['Minsk visit'], ['Minsk visits']],
    [
      '"中国 白俄罗斯"~2',
      [{ title: '中国与白俄罗斯', lang: 'zh' }],
      [{ title: '中国国防部长访问白俄罗斯', lang: 'zh' }],
    ],
    ['title:"minsk beijing"~8', ['Minsk to Beijing'], [{ text: 'Minsk to Beijing' }]],
  ],
  'a star finds what begins so': [
    ['militar*', ['military', 'Militarised', 'MILITARIA'], ['paramilitary', 'milita']],
    ['мобилиз*', [{ title: 'Мобилизация', lang: 'ru' }], [{ title: 'демобилизация', lang: 'ru' }]],
    ['中*', [{ title: '中国', lang: 'zh' }], [{ title: '国', lang: 'zh' }]],
  ],
  '= wants the capitals as written': [
    ['=AUKUS', ['The AUKUS pact'], ['The aukus pact', 'Aukus']],
    ['=US', ['US troops', 'U.S. troops'], ['tell us']],
    ['="Royal Navy"', ['The Royal Navy'], ['a royal navy']],
    ['-=US troops', ['troops tell us'], ['US troops']],
  ],
  'title:, summary: and text: look in their field alone': [
    ['title:minsk', ['Minsk'], [{ text: 'Minsk' }, { summary: 'Minsk' }]],
    ['summary:minsk', [{ summary: 'Minsk' }], ['Minsk', { text: 'Minsk' }]],
    ['text:minsk', [{ text: 'Minsk' }], ['Minsk', { summary: 'Minsk' }]],
    ['title:(minsk OR beijing)', ['Minsk', 'Beijing'], [{ text: 'Minsk Beijing' }]],
    ['title:(minsk -sport)', [{ title: 'Minsk', text: 'sport' }], ['Minsk sport']],
    ['title:(minsk text:beijing)', [{ title: 'Minsk', text: 'Beijing' }], ['Minsk Beijing', { text: 'Minsk Beijing' }]],
    ['title:"defence minister"', ['Defence minister'], [{ text: 'defence minister' }]],
    ['title:militar*', ['Military'], [{ text: 'military' }]],
    ['title:=AUKUS', ['AUKUS'], [{ title: 'aukus', text: 'AUKUS' }]],
    ['TITLE:minsk', ['Minsk'], [{ text: 'Minsk' }]],
    ['title: minsk beijing', [{ title: 'Minsk', text: 'Beijing' }], [{ text: 'Minsk Beijing' }]],
    ['NOT title:minsk', [{ text: 'Minsk' }], ['Minsk']],
  ],
  'a regular expression is found anywhere in the raw text of one field': [
    ['/F-?16/', ['An F16', 'XF-16X'], ['f-16', 'F 16']],
    ['/f-?16/i', ['An F16'], ['F 16']],
    ['/(?i)minsk|pinsk/', ['Pinsk'], ['Pin']],
    ['title:/^Minsk/', ['Minsk visit'], ['To Minsk', { text: 'Minsk' }]],
    ['/a.c/', ['abc'], [{ title: 'ab', summary: 'c' }]],
    ['/and\\/or/', ['and/or'], ['and or']],
    ['/[0-9]{3,} troops/', ['5000 troops'], ['50 troops']],
    ['minsk -/volley/', ['Minsk'], ['Minsk volley']],
    ['/中国.{0,3}国防/', [{ title: '中国的国防', lang: 'zh' }], [{ title: '中国', lang: 'zh' }]],
  ],
  'topic: includes subtopics': [
    [
      'topic:defense',
      [{ topics: ['defense'] }, { topics: ['defense/exercises'] }],
      [{ topics: ['diplomacy'] }, 'defense'],
    ],
    [
      'topic:defense/exercises',
      [{ topics: ['defense/exercises'] }],
      [{ topics: ['defense'] }, { topics: ['defense/procurement'] }],
    ],
    ['topic:(defense OR diplomacy)', [{ topics: ['diplomacy/official-visit'] }], [{ topics: ['conflict'] }]],
    ['topic:DEFENSE -topic:conflict', [{ topics: ['defense'] }], [{ topics: ['defense', 'conflict'] }]],
    ['topic:"defense"', [{ topics: ['defense'] }], [{ topics: ['conflict'] }]],
  ],
  'country:, org:, person: and role: ask for what an article names': [
    ['country:CN', [{ tags: ['CN'] }], [{ tags: ['BY'] }, 'CN']],
    ['country:cn', [{ tags: ['CN'] }], [{ tags: ['BY'] }]],
    ['country:CN country:BY', [{ tags: ['CN', 'BY'] }], [{ tags: ['CN'] }, { tags: ['BY'] }]],
    ['country:(CN OR BY)', [{ tags: ['CN'] }, { tags: ['BY'] }], [{ tags: ['PL'] }]],
    ['org:nato', [{ tags: ['org:nato'] }], [{ tags: ['NATO'] }, 'NATO']],
    ['person:li-shangfu', [{ tags: ['person:li-shangfu'] }], [{ tags: ['person:viktor-khrenin'] }]],
    [
      'role:defence-minister',
      [{ tags: ['role:defence-minister'] }, { tags: ['role:defence-minister@CN'] }],
      [{ tags: ['role:foreign-minister@CN'] }],
    ],
    [
      'role:defence-minister@CN',
      [{ tags: ['role:defence-minister@CN'] }],
      [{ tags: ['role:defence-minister'] }, { tags: ['role:defence-minister@BY', 'CN'] }],
    ],
    ['role:defence-minister@cn', [{ tags: ['role:defence-minister@CN'] }], [{ tags: ['role:defence-minister@BY'] }]],
  ],
  'lang:, source: and kind: ask for where an article is from': [
    ['lang:ru', [{ lang: 'ru' }], [{ lang: 'en' }]],
    ['lang:RU OR lang:uk', [{ lang: 'ru' }, { lang: 'uk' }], [{ lang: 'en' }]],
    ['-lang:en minsk', [{ title: 'Minsk', lang: 'de' }], ['Minsk']],
    ['source:belta', [{ source: 'belta' }], [{ source: 'bbc-world' }]],
    ['source:baltic', [{ source: 'bbc-world', sourceTags: ['baltic'] }], [{ source: 'belta' }]],
    ['kind:state-media', [{ kind: 'state-media' }], [{ kind: 'wire' }, {}]],
  ],
  'published: asks for a date, whole days in UTC, both ends included': [
    [
      'published:[2023-08-01 TO 2023-08-16]',
      [
        { publishedAt: '2023-08-01T00:00:00Z' },
        { publishedAt: '2023-08-16T23:59:59.999Z', at: '2023-08-17T00:00:00Z' },
      ],
      [{ publishedAt: '2023-07-31T23:59:59Z' }, { publishedAt: '2023-08-17T00:00:00Z', at: '2023-08-17T00:00:00Z' }],
    ],
    [
      'published:{2023-08-01 TO 2023-08-16}',
      [{ publishedAt: '2023-08-02T00:00:00Z' }],
      [{ publishedAt: '2023-08-01T12:00:00Z' }, { publishedAt: '2023-08-16T01:00:00Z' }],
    ],
    [
      'published:[2023-08-16 TO *]',
      [{ publishedAt: '2023-08-16T00:00:00Z' }],
      [{ publishedAt: '2023-08-15T00:00:00Z' }],
    ],
    [
      'published:[* TO 2023-08-15]',
      [{ publishedAt: '2023-08-15T00:00:00Z' }],
      [{ publishedAt: '2023-08-16T00:00:00Z' }],
    ],
    ['published:2023-08-15', [{ publishedAt: '2023-08-15T10:00:00Z' }], [{ publishedAt: '2023-08-14T10:00:00Z' }]],
    ['published:2023-08', [{ publishedAt: '2023-08-01T10:00:00Z' }], [{ publishedAt: '2023-07-31T10:00:00Z' }]],
    ['published:2023', [{ publishedAt: '2023-01-01T10:00:00Z' }], [{ publishedAt: '2022-12-31T10:00:00Z' }]],
    [
      'published:[2023-08-15T10:00Z TO 2023-08-15T12:00+01:00]',
      [{ publishedAt: '2023-08-15T11:00:30Z' }],
      [{ publishedAt: '2023-08-15T11:01:00Z' }],
    ],
    [
      'published:2023-08-16',
      [{ publishedAt: null }, { publishedAt: '2031-01-01T00:00:00Z' }],
      [{ publishedAt: null, at: '2023-08-17T00:00:00Z' }],
    ],
    ['minsk published:[2023-08-01 TO *]', ['Minsk'], ['Moscow']],
  ],
  '$group is any of its members': [
    [
      '$navies',
      ['The US Navy', 'the royal navy', 'Naval base', 'the PLAN sails'],
      ['a navy', 'royal navies', 'a plan', 'the Royal Danish Navy'],
    ],
    ['title:$navies', ['US Navy'], [{ text: 'US Navy' }]],
    ['country:$baltics', [{ tags: ['LV'] }, { tags: ['LT'] }], [{ tags: ['PL'] }]],
    [
      'role:$envoys',
      [{ tags: ['role:defence-minister@CN'] }, { tags: ['role:foreign-minister@RU'] }],
      [{ tags: ['role:defence-minister@RU'] }],
    ],
    ['$fleets', ['US Navy', 'A flotilla', 'Naval base'], ['Fleets', 'royal navies']],
    ['country:$allies', [{ tags: ['LV'] }, { tags: ['PL'] }], [{ tags: ['DE'] }]],
    ['2 of $fleets', ['US Navy flotilla'], ['US Navy', 'Flotilla']],
    ['-$navies ship', ['A ship'], ['A naval ship']],
    ['$navies $regions', ['US Navy off Crimea'], ['US Navy', 'Crimea']],
  ],
  'N of ( … ) wants a minimum of several': [
    ['2 of (a1, b1, c1)', ['a1 b1', 'c1 b1', 'a1 b1 c1'], ['a1', 'b1', '']],
    ['1 of (a1, b1)', ['a1', 'b1'], ['c1']],
    ['3 of (a1, b1, c1)', ['a1 b1 c1'], ['a1 b1']],
    ['2 of (a1 OR x1, b1 c1, country:CN)', [{ title: 'x1', tags: ['CN'] }, 'a1 b1 c1'], ['a1 x1', 'a1 b1']],
    ['2 of (a1, b1, -c1)', ['a1', 'a1 b1 c1'], ['a1 c1', '']],
    ['2 of $regions', ['Crimea and Donbas'], ['Crimea, Crimea']],
    ['2 of country:(CN, BY, RU)', [{ tags: ['CN', 'BY'] }], [{ tags: ['CN'] }, 'CN BY']],
    ['2 of country:$allies', [{ tags: ['LV', 'PL'] }], [{ tags: ['LV'] }]],
    ['2 of title:(a1, b1)', ['a1 b1'], [{ title: 'a1', text: 'b1' }]],
    ['title:(2 of (a1, b1, c1))', ['a1 b1'], [{ title: 'a1', text: 'b1' }]],
    ['d1 AND 2 of (a1, 2 of (b1, c1, e1), f1)', ['d1 a1 b1 c1'], ['a1 b1 c1', 'd1 a1 b1']],
    [
      'minsk -(beijing -(moscow -kyiv))',
      ['Minsk', 'Minsk Beijing Moscow'],
      ['Minsk Beijing', 'Minsk Beijing Moscow Kyiv'],
    ],
    ["rock 'n' roll", ["Rock 'n' roll"], ['Rock roll']],
    ['2 of them', ['2 of them'], ['two of them']],
  ],
  'the opening story': [
    [
      'country:CN AND country:BY AND (topic:defense OR role:defence-minister@CN)',
      [{ tags: ['CN', 'BY', 'role:defence-minister@CN'] }, { tags: ['CN', 'BY'], topics: ['defense/exercises'] }],
      [
        { tags: ['CN', 'BY'] },
        { tags: ['CN', 'role:defence-minister@CN'] },
        { tags: ['CN', 'BY', 'role:defence-minister@BY'] },
      ],
    ],
  ],
};

const show = (article: Written): string => (typeof article === 'string' ? `"${article}"` : JSON.stringify(article));

for (const [promise, rows] of Object.entries(LANGUAGE)) {
  describe(promise, () => {
    for (const [query, finds, leaves] of rows) {
      // The first half of the promise would hold for a set that evaluates all; so a set of two proves the presearcher too.
      const { set, judge } = compile([watch(query), watch('neverwritten', { id: 'other' })]);
      it.each(finds.map((article) => [show(article), article] as const))(`${query} finds %s`, (_, article) => {
        expect(matchWatches(set, judge(article)).map((match) => match.watch)).toEqual(['w']);
      });
      it.each(leaves.map((article) => [show(article), article] as const))(`${query} leaves %s`, (_, article) => {
        expect(matchWatches(set, judge(article))).toEqual([]);
      });
    }
  });
}
