import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from '../../cli/visible-text.ts';
import type { Alert } from '../../src/alerts/alert-schema.ts';
import { MAX_BODY_BYTES } from '../../src/alerts/fit-body.ts';
import { buildDigests, buildNotice, digestEntry, withAlsoMatched } from '../../src/alerts/payload.ts';
import { FORMATS, RENDERERS } from '../../src/delivery/formats/render-alert.ts';
import type { Evidence } from '../../src/text/evidence.ts';
import { anAlert, anArticle, aStory } from '../support/alerts.ts';
import { hostileText, hostileUrl, hugeText } from './hostile-text.ts';

/** Alerts of every type, their words and links by strangers, their evidence anywhere. */
const alertsOf = (hostileText: fc.Arbitrary<string>): fc.Arbitrary<Alert> =>
  fc
    .record({
      type: fc.constantFrom('story.matched', 'story.updated', 'digest', 'notice'),
      title: hostileText,
      summary: hostileText,
      text: hostileText,
      name: hostileText,
      url: hostileUrl,
      spans: fc.array(fc.tuple(fc.constantFrom('title', 'summary', 'text' as const), fc.nat(3000), fc.nat(60)), {
        maxLength: 30,
      }),
      changes: fc.array(
        fc.constantFrom('new-origin', 'revision', 'merge', 'sources:10', 'country:PL', 'language:ru', 'country:??'),
        { maxLength: 30 },
      ),
      others: fc.nat(20),
    })
    .map(({ type, title, summary, text, name, url, spans, changes, others }) => {
      const article = anArticle({ title, summary, text, url, source: { ...anArticle().source, name } });
      const evidence = spans.map(([field, start, length]): Evidence => {
        const from = Math.min(start, article[field].length);
        const end = Math.min(from + length, article[field].length);
        return { field, start: from, end, text: article[field].slice(from, end), term: title.slice(0, 30) };
      });
      const parts = { article, evidence, changes, story: aStory({ headline: title }), watch: { id: 'w', title: name } };
      const other = anAlert({ ...parts, watch: { id: 'other', title: summary } });
      const story = withAlsoMatched(
        anAlert({ ...parts, event: type === 'story.updated' ? 'story.updated' : 'story.matched' }),
        Array<typeof other>(others).fill(other),
      );
      const atMs = Date.parse('2023-08-16T08:00:00Z');
      if (type === 'notice')
        return buildNotice({
          alertId: 'n',
          code: 'endpoint-paused',
          message: title,
          subject: {},
          details: { since: 'x' },
          atMs,
        });
      if (type === 'digest') {
        const entries = Array(others + 1).fill(digestEntry(story));
        return buildDigests({
          entries,
          reasons: ['quiet-hours'],
          atMs,
          configHash: 'c',
          idOfPart: (part) => `d${part}`,
        })[0]!;
      }
      return story;
    });

const alerts = alertsOf(hostileText);

/** Every string, wherever it stands, with the name it stands under. */
function strings(value: unknown, name = ''): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((one) => strings(one, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => strings(one, key));
}

/** What turns, hides or commands: nothing of it may reach a reader. Line ends are the formats' own. */
const UNSAFE = /[\p{Cc}\u2028-\u202e\u2066-\u2069\ufeff]|[\u{e0020}-\u{e007f}]/u;

const RUNS = { numRuns: 150 };

test.each(FORMATS)(
  'whatever a feed writes, format %s holds no control, no half character and no link but http',
  (format) => {
    fc.assert(
      fc.property(alerts, (alert) => {
        const body = RENDERERS[format](alert);
        for (const [name, text] of strings(JSON.parse(body))) {
          expect(text.replaceAll('\n', '')).not.toMatch(UNSAFE);
          expect(text.isWellFormed()).toBe(true);
          if (name === 'url') expect(text).toMatch(/^https?:\/\/[^\s@]*(\/|$)/);
        }
      }),
      RUNS,
    );
  },
);

test('whatever a feed writes, a signed alert stays under its bound', () => {
  fc.assert(
    fc.property(alerts, (alert) => {
      expect(Buffer.byteLength(RENDERERS.standard(alert))).toBeLessThanOrEqual(MAX_BODY_BYTES);
    }),
    RUNS,
  );
});

test('whatever a feed writes, Slack takes it: 50 blocks, 3,000 characters each, and no markup', () => {
  fc.assert(
    fc.property(alerts, (alert) => {
      const { text, blocks } = JSON.parse(RENDERERS.slack(alert)) as { text: string; blocks: { type: string }[] };
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const block of blocks) {
        const shown = strings(block).filter(([name]) => name === 'text');
        expect(shown.reduce((sum, [, piece]) => sum + piece.length, 0)).toBeLessThanOrEqual(3_000);
        for (const [name, value] of strings(block)) if (name === 'type') expect(value).not.toBe('mrkdwn');
        for (const [, piece] of shown) expect(piece).not.toBe('');
      }
    }),
    RUNS,
  );
});

test('whatever a feed writes, Discord takes it: its embed’s limits hold, nobody is pinged, and no link is made but ours', () => {
  fc.assert(
    fc.property(alerts, (alert) => {
      const post = JSON.parse(RENDERERS.discord(alert)) as {
        content?: string;
        allowed_mentions: unknown;
        embeds: { title: string; author: { name: string }; description: string; footer: { text: string } }[];
      };
      expect(post.content).toBeUndefined();
      expect(post.allowed_mentions).toEqual({ parse: [] });
      const [{ title, author, description, footer }] = post.embeds as [(typeof post.embeds)[number]];
      expect(title.length).toBeLessThanOrEqual(256);
      expect(author.name.length).toBeLessThanOrEqual(256);
      expect(description.length).toBeLessThanOrEqual(4_096);
      expect(footer.text.length).toBeLessThanOrEqual(2_048);
      expect(title.length + author.name.length + description.length + footer.text.length).toBeLessThanOrEqual(6_000);
      // Without escaped characters and our own links nothing is left that could be a link or a mention.
      const bare = description.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/\]\(https?:\/\/[^\s()<>]*\)/g, ']');
      expect(bare).not.toMatch(/\]\(|[<>@#`|]|:\/\//);
    }),
    RUNS,
  );
});

test('whatever a feed writes, Teams takes it: under 28 kB, and text that knows no Markdown', () => {
  fc.assert(
    fc.property(alerts, (alert) => {
      const body = RENDERERS.teams(alert);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(28_000);
      const card = JSON.parse(body) as { attachments: { content: { body: { type: string }[] } }[] };
      for (const block of card.attachments[0]!.content.body) expect(block.type).toBe('RichTextBlock');
    }),
    RUNS,
  );
});

test('a title of a megabyte is cut to what each service takes', () => {
  fc.assert(
    fc.property(alertsOf(hugeText), (alert) => {
      expect(Buffer.byteLength(RENDERERS.standard(alert))).toBeLessThanOrEqual(MAX_BODY_BYTES);
      for (const format of FORMATS) expect(Buffer.byteLength(RENDERERS[format](alert))).toBeLessThanOrEqual(28_000);
    }),
    { numRuns: 5 },
  );
});

test('whatever a feed writes, a terminal shows it and obeys nothing; a line of JSON still says the same', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(visibleText(text).replace(/[\n\t]/g, '')).not.toMatch(UNSAFE);
      const line = JSON.stringify({ title: text });
      expect(visibleText(line).replace(/[\n\t]/g, '')).not.toMatch(UNSAFE);
      expect(JSON.parse(visibleText(line))).toEqual({ title: text });
    }),
    RUNS,
  );
  expect(visibleText('Frigate\tat sea\n')).toBe('Frigate\tat sea\n');
});
