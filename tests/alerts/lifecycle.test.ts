import { describe, expect, it } from 'vitest';
import {
  type AlertQuestion,
  type AnnouncedState,
  changeKind,
  decideAlert,
  mergeAnnounced,
} from '../../src/alerts/lifecycle.ts';
import { aStory } from '../support/alerts.ts';

const told: AnnouncedState = {
  v: 1,
  sources: 1,
  origins: 1,
  languages: ['en'],
  countries: ['BY', 'CN'],
  topics: ['defense'],
};

function ask(changes: Partial<AlertQuestion>): AlertQuestion {
  return {
    watch: { id: 'w' },
    story: { before: aStory(), after: aStory() },
    verdict: 'same-story',
    merged: [],
    articleMatchedItself: true,
    announced: told,
    ...changes,
  };
}

describe('the life of a story', () => {
  it('begins with one story.matched, at the first article that matches by itself', () => {
    const decision = decideAlert(ask({ announced: null, story: { before: null, after: aStory() }, verdict: 'new' }));
    expect(decision.event).toBe('story.matched');
    expect(decision.announced).toEqual(told);
  });

  it('stays silent while no article of the story matches', () => {
    expect(decideAlert(ask({ announced: null, articleMatchedItself: false })).event).toBeNull();
  });

  it('tells a story matched late with all it has by then, so that its past is not told as updates', () => {
    const after = aStory({ sources: 12, origins: 4, languages: ['en', 'ru'] });
    const first = decideAlert(ask({ announced: null, story: { before: after, after } }));
    const second = decideAlert(ask({ announced: first.announced, story: { before: after, after } }));
    expect([first.event, second.event]).toEqual(['story.matched', null]);
  });

  it('does not tell a copy twice', () => {
    const after = aStory({ articles: 2, sources: 2 });
    expect(decideAlert(ask({ story: { before: aStory(), after }, verdict: 'copy' })).event).toBeNull();
  });

  it.each([
    ['an independent source', { origins: 2 }, ['new-origin']],
    ['the third source', { sources: 3 }, ['sources:3']],
    ['a jump over two steps', { sources: 11 }, ['sources:3', 'sources:10']],
    ['a language', { languages: ['en', 'ru'] }, ['language:ru']],
    ['a country', { entities: ['BY', 'CN', 'PL', 'nato'] }, ['country:PL']],
    ['a top topic', { topics: ['defense', 'conflict/borders'] }, ['topic:conflict']],
  ])('tells of %s, also when the article does not match itself', (_, growth, changes) => {
    const question = ask({ story: { before: aStory(), after: aStory(growth) }, articleMatchedItself: false });
    expect(decideAlert(question)).toMatchObject({ event: 'story.updated', changes });
  });

  it.each([
    ['a second subtopic of a topic it has', { topics: ['defense', 'defense/exercises'] }],
    ['another organisation', { entities: ['BY', 'CN', 'nato'] }],
    ['an article of an unknown language', { languages: ['en', 'und'] }],
    ['the second source', { sources: 2, articles: 9 }],
  ])('keeps quiet about %s', (_, growth) => {
    expect(decideAlert(ask({ story: { before: aStory(), after: aStory(growth) } })).event).toBeNull();
  });

  it('tells of a revision only where it changed the headline of a story and the article matches', () => {
    const story = { before: aStory(), after: aStory({ headline: 'Chinese defence minister leaves Minsk' }) };
    expect(decideAlert(ask({ story, verdict: 'revision' })).changes).toEqual(['revision']);
    expect(decideAlert(ask({ story, verdict: 'revision', articleMatchedItself: false })).event).toBeNull();
    expect(decideAlert(ask({ verdict: 'revision' })).event).toBeNull();
  });

  it('tells each growth once', () => {
    const grown = aStory({ sources: 3, origins: 2, languages: ['en', 'ru'] });
    const first = decideAlert(ask({ story: { before: aStory(), after: grown } }));
    const second = decideAlert(ask({ announced: first.announced, story: { before: grown, after: grown } }));
    expect(first.changes).toEqual(['new-origin', 'sources:3', 'language:ru']);
    expect(second.event).toBeNull();
  });

  it('tells of the first confirmations each, then of so many more: forty origins are six updates', () => {
    let announced: AnnouncedState | null = told;
    const toldAt: number[] = [];
    for (let origins = 2; origins <= 40; origins++) {
      const decision = decideAlert(ask({ announced, story: { before: aStory(), after: aStory({ origins }) } }));
      if (decision.event !== null) toldAt.push(origins);
      announced = decision.announced;
    }
    expect(toldAt).toEqual([2, 3, 5, 10, 20, 40]);
  });

  it('catches up on growth that a crash kept from being announced', () => {
    const now = aStory({ origins: 3 });
    expect(decideAlert(ask({ story: { before: now, after: now }, verdict: 'copy' })).changes).toEqual(['new-origin']);
  });

  it('tells of a merge, with no further change for what either story was known for', () => {
    const other: AnnouncedState = { ...told, languages: ['pl'], countries: ['PL'], sources: 2 };
    const after = aStory({ sources: 3, origins: 2, languages: ['en', 'pl'], entities: ['BY', 'CN', 'PL'] });
    const announced = mergeAnnounced(told, other);
    const decision = decideAlert(ask({ announced, merged: ['old'], story: { before: aStory(), after } }));
    expect(decision.changes).toEqual(['merge']);
    expect(decision.announced).toMatchObject({ sources: 3, origins: 2 });
  });

  it('names the kind of each change', () => {
    expect(['sources:10', 'language:ru', 'merge', 'weather:bad'].map(changeKind)).toEqual([
      'sources',
      'language',
      'merge',
      null,
    ]);
  });
});
