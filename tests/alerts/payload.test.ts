import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertJsonSchema, alertSchema } from '../../src/alerts/alert-schema.ts';
import { bodyBytes, MAX_BODY_BYTES } from '../../src/alerts/fit-body.ts';
import { buildDigests, buildNotice, buildPing, digestEntry, withAlsoMatched } from '../../src/alerts/payload.ts';
import { safeText, safeUrl } from '../../src/alerts/safe-text.ts';
import { anAlert, anArticle, aStory, evidenceOf } from '../support/alerts.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const open = ajv.compile(alertJsonSchema());
const closed = ajv.compile(alertJsonSchema({ closed: true }));

const atMs = Date.parse('2023-08-16T08:00:00Z');

describe('what a subscriber gets', () => {
  const digest = (entries: number) =>
    buildDigests({
      entries: Array.from({ length: entries }, () => digestEntry(anAlert())),
      reasons: ['quiet-hours'],
      atMs,
      configHash: 'c',
      idOfPart: (part) => `digest-${part}`,
    });

  it.each([
    ['story.matched', anAlert()],
    ['story.updated', anAlert({ event: 'story.updated', changes: ['language:ru'], merged: ['old-story'] })],
    ['an alert of several watches', withAlsoMatched(anAlert(), [anAlert({ watch: { id: 'w2', title: 'W2' } })])],
    ['a digest', digest(3)[0]!],
    ['a notice', buildNotice({ alertId: 'n', code: 'watch-over-budget', message: 'm', subject: { watch: 'w' }, atMs })],
    ['a ping', buildPing({ alertId: 'p', subscriber: 's', atMs })],
  ])('validates against the published JSON Schema and the types: %s', (_, body) => {
    const sent = JSON.parse(JSON.stringify(body));
    expect(closed(sent), JSON.stringify(closed.errors)).toBe(true);
    expect(alertSchema.parse(sent)).toEqual(sent);
  });

  it('leaves room for fields of later versions, but not for missing ones', () => {
    const sent = JSON.parse(JSON.stringify(anAlert()));
    expect(open({ ...sent, data: { ...sent.data, later: 1 } })).toBe(true);
    expect(closed({ ...sent, data: { ...sent.data, later: 1 } })).toBe(false);
    expect(open({ ...sent, data: { ...sent.data, alertId: undefined } })).toBe(false);
  });

  it('points at words in the fields as they are sent', () => {
    const article = anArticle({ title: 'China\u202e\u0007 sends its defence\tminister to Minsk' });
    const { data } = anAlert({
      article,
      evidence: [evidenceOf(article, 'title', 'defence\tminister', 'defence minister')],
    });
    const [span] = data.evidence;
    expect(data.article.title).toBe('China sends its defence minister to Minsk');
    expect(data.article.title.slice(span!.start, span!.end)).toBe('defence minister');
    expect(span!.text).toBe('defence minister');
  });

  it('carries the words around a span in the text, which is not sent', () => {
    const text = `${'Before that much was said. '.repeat(20)}Viktor Khrenin received him. ${'After that, more. '.repeat(20)}`;
    const article = anArticle({ text });
    const [span] = anAlert({ article, evidence: [evidenceOf(article, 'text', 'Viktor Khrenin')] }).data.evidence;
    expect(article.text.slice(span!.start, span!.end)).toBe('Viktor Khrenin');
    expect(span!.snippet!.slice(span!.snippetStart!, span!.snippetStart! + span!.text.length)).toBe('Viktor Khrenin');
    expect(span!.snippet!.length).toBeLessThan(220);
    expect(span!.snippet).toMatch(/^….*said\. Viktor Khrenin received him\. .*…$/);
  });

  it('drops evidence for words that were cut off, and says so', () => {
    const article = anArticle({ title: `${'word '.repeat(100)}Minsk` });
    const { data } = anAlert({ article, evidence: [evidenceOf(article, 'title', 'Minsk')] });
    expect(data.article.title).toHaveLength(300);
    expect(data).toMatchObject({ evidence: [], truncated: true });
  });

  it('stays under 20 kB, whatever is in it, and says what was cut', () => {
    const article = anArticle({ summary: '国防部长'.repeat(600), text: '中国国防部长访问明斯克。'.repeat(2000) });
    const evidence = Array.from({ length: 300 }, (_, n) => ({
      field: 'text' as const,
      start: n * 12,
      end: n * 12 + 6,
      text: '中国国防部长',
      term: '国防部长',
    }));
    const story = aStory({ entities: Array.from({ length: 500 }, (_, n) => `entity-number-${n}`) });
    const alert = anAlert({ article, evidence, story });
    const others = Array.from({ length: 60 }, (_, n) =>
      anAlert({ article, evidence, story, watch: { id: `watch-${n}`, title: '"'.repeat(200) } }),
    );
    const grouped = withAlsoMatched(alert, others);
    for (const body of [alert, grouped]) {
      expect(bodyBytes(body)).toBeLessThanOrEqual(MAX_BODY_BYTES);
      expect(body.data.truncated).toBe(true);
    }
    expect(alert.data.evidence.length).toBeGreaterThanOrEqual(10);
    expect(grouped.data.alsoMatched).toHaveLength(60);
  });

  it('holds back nothing of a long digest, but sends it in parts', () => {
    const parts = digest(200);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ data }) => data.alerts)).toHaveLength(200);
    expect(parts.every((part) => bodyBytes(part) <= MAX_BODY_BYTES)).toBe(true);
    expect(parts.map(({ data }) => [data.alertId, data.part, data.parts])).toEqual(
      parts.map((_, n) => [`digest-${n + 1}`, n + 1, parts.length]),
    );
  });
});

describe('hostile text', () => {
  it.each([
    ['terminal escapes', 'a\u001b[31mb\u009b2Jc', 'a[31mb2Jc'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069', 'abc'],
    ['invisible tag characters', 'a\u{e0041}\u{e0001}b', 'ab'],
    ['line ends', 'a\r\nb\u2028c', 'a  b c'],
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    [
      'but not joiners and direction marks that scripts need',
      'می\u200cخواهم\u200f 👩\u200d🚀',
      'می\u200cخواهم\u200f 👩\u200d🚀',
    ],
  ])('is made harmless: %s', (_, hostile, safe) => {
    expect(safeText(hostile, 100).text).toBe(safe);
  });

  it('keeps every span on its words, whatever is taken out around it', () => {
    const piece = fc.constantFrom('a', 'ß', '国', '👩', '\u202e', '\u0007', '\u{e0041}', '\ufeff', ' ', '\u200d');
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), fc.array(piece), (before, span, after) => {
        const [start, words] = [before.join(''), span.join('')];
        const safe = safeText(start + words + after.join(''), 1000);
        const sent = safe.text.slice(safe.offset(start.length), safe.offset(start.length + words.length));
        expect(sent).toBe(safeText(words, 1000).text);
      }),
    );
  });

  it('is never cut inside a character', () => {
    expect(safeText('ab👩cd', 4).text).toBe('ab…');
  });

  it.each([
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['/relative', null],
    [`https://example.org/${'x'.repeat(3000)}`, null],
    ['https://user:secret@example.org/a', 'https://example.org/a'],
    ['http://example.org/ä', 'http://example.org/%C3%A4'],
    [null, null],
  ])('makes no link of %s', (url, safe) => {
    expect(safeUrl(url)).toBe(safe);
  });
});
