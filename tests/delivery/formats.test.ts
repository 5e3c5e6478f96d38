import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert-schema.ts';
import { buildDigests, buildNotice, buildPing, digestEntry, withAlsoMatched } from '../../src/alerts/payload.ts';
import { markSpans } from '../../src/delivery/formats/chat-message.ts';
import { cutRuns } from '../../src/delivery/formats/cut-runs.ts';
import { RENDERERS } from '../../src/delivery/formats/render-alert.ts';
import { anAlert, anArticle, aStory, evidenceOf } from '../support/alerts.ts';

const atMs = Date.parse('2023-08-16T08:00:00Z');
const ordinary = (() => {
  const article = anArticle();
  const evidence = [
    evidenceOf(article, 'title', 'defence minister'),
    evidenceOf(article, 'summary', 'Belarusian'),
    evidenceOf(article, 'text', 'Viktor Khrenin'),
  ];
  const story = aStory({ sources: 14, origins: 2 });
  const alert = anAlert({
    article,
    evidence,
    story,
    event: 'story.updated',
    changes: ['language:ru', 'country:PL', 'sources:10'],
  });
  return withAlsoMatched(alert, [anAlert({ watch: { id: 'w2', title: 'Visits to Minsk' } })]);
})();

/** What a hostile feed would like to be read as markup, somewhere. */
const EVIL =
  '<!channel> @everyone <@U1> *b* _i_ `c` [x](https://evil.example) <https://evil.example|bank> &amp; # h\\ ||s||';
const hostile = anAlert({
  article: anArticle({ title: EVIL, summary: EVIL, source: { ...anArticle().source, name: EVIL } }),
  evidence: [evidenceOf(anArticle({ title: EVIL }), 'title', '@everyone')],
  watch: { id: 'w', title: 'W' },
});
const huge = (() => {
  const text = '国防"部长\\*<& '.repeat(4000);
  const article = anArticle({ title: text, summary: text, text });
  const evidence = Array.from({ length: 200 }, (_, n) => ({
    field: 'text' as const,
    start: n * 12,
    end: n * 12 + 6,
    text: '',
    term: 't',
  }));
  return withAlsoMatched(
    anAlert({ article, evidence, changes: Array.from({ length: 24 }, (_, n) => `language:l${n}`) }),
    Array.from({ length: 50 }, (_, n) => anAlert({ watch: { id: `w${n}`, title: text } })),
  );
})();
const digest = buildDigests({
  entries: Array.from({ length: 30 }, () => digestEntry(ordinary)),
  reasons: ['quiet-hours'],
  atMs,
  configHash: 'c',
  idOfPart: (part) => `digest-${part}`,
})[0]!;
const everything: [string, Alert][] = [
  ['an ordinary alert', ordinary],
  ['a hostile alert', hostile],
  ['a huge alert', huge],
  ['a digest', digest],
  [
    'a notice',
    buildNotice({ alertId: 'n', code: 'endpoint-paused', message: EVIL, subject: {}, details: { since: 'x' }, atMs }),
  ],
  ['a ping', buildPing({ alertId: 'p', subscriber: 'desk', atMs })],
];

/** All strings under a key of that name, wherever they are. */
function texts(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => texts(one, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === key && typeof one === 'string' ? [one] : texts(one, key),
  );
}

describe('for Slack', () => {
  interface SlackElement {
    type: string;
    text: string;
    url?: string;
    style?: { bold: boolean };
  }
  interface SlackPost {
    text: string;
    blocks: [
      { type: string; elements: [{ type: string; text: string }] },
      { type: string; elements: { type: string; elements: SlackElement[] }[] },
      { type: string; elements: [{ type: string; text: string }] },
    ];
  }
  const slack = (alert: Alert) => JSON.parse(RENDERERS.slack(alert)) as SlackPost;

  it.each(everything)('%s stays within Block Kit’s limits', (_, alert) => {
    const post = slack(alert);
    expect(post.blocks.map(({ type }) => type)).toEqual(['context', 'rich_text', 'context']);
    expect(post.text.length).toBeLessThanOrEqual(3000);
    const sections = post.blocks[1].elements;
    const elements = sections.flatMap((section) => section.elements);
    expect(elements.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(3000);
    expect(elements.every(({ text }) => text.length > 0)).toBe(true);
    expect(elements.every(({ type }) => type === 'text' || type === 'link')).toBe(true);
    for (const block of [post.blocks[0], post.blocks[2]]) {
      expect(block.elements[0].text.length).toBeGreaterThan(0);
      expect(block.elements[0].text.length).toBeLessThanOrEqual(3000);
    }
  });

  it('marks evidence and links the headline', () => {
    const [title] = slack(ordinary).blocks[1].elements;
    expect(title!.elements).toEqual([
      { type: 'link', url: 'https://news.example.org/minsk', text: 'Chinese ' },
      { type: 'link', url: 'https://news.example.org/minsk', text: 'defence minister', style: { bold: true } },
      { type: 'link', url: 'https://news.example.org/minsk', text: ' arrives in Minsk' },
    ]);
    const bold = slack(ordinary)
      .blocks[1].elements.flatMap(({ elements }) => elements)
      .filter(({ style }) => style?.bold);
    expect(bold.map(({ text }) => text)).toEqual(['defence minister', 'Belarusian', 'Viktor Khrenin']);
  });

  it('says in words what has changed and how far it has spread', () => {
    const words = texts(slack(ordinary).blocks, 'text').join('|');
    expect(words).toContain('now in Russian · now about Poland · 10 outlets now');
    expect(words).toContain('Example Wire · 2023-08-16 08:00 UTC · 14 outlets, 2 origins');
    expect(words).toContain('Also matched: Visits to Minsk');
  });

  it('reads no markup or mention in a stranger’s words', () => {
    const post = slack(hostile);
    expect(post.text).not.toMatch(/<|>/);
    expect(post.text).toContain('&lt;!channel&gt;');
    expect(texts(post.blocks, 'type').filter((type) => type === 'mrkdwn')).toEqual([]);
  });

  it('says how much of a long digest is not shown', () => {
    const lines = slack(digest).blocks[1].elements.map(({ elements }) => elements.map(({ text }) => text).join(''));
    const shown = lines.length - 2;
    expect(lines.at(-1)).toBe(`\n… and ${30 - shown} more`);
  });
});

describe('for Discord', () => {
  interface DiscordPost {
    allowed_mentions: { parse: string[] };
    embeds: [{ author: { name: string }; title: string; url?: string; description: string; footer: { text: string } }];
  }
  const discord = (alert: Alert) => JSON.parse(RENDERERS.discord(alert)) as DiscordPost;

  it.each(everything)('%s stays within an embed’s limits and pings nobody', (_, alert) => {
    const { embeds, allowed_mentions } = discord(alert);
    const [{ author, title, description, footer }] = embeds;
    expect(allowed_mentions).toEqual({ parse: [] });
    expect(title.length).toBeGreaterThan(0);
    expect(title.length).toBeLessThanOrEqual(256);
    expect(author.name.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4096);
    expect(footer.text.length).toBeLessThanOrEqual(2048);
    expect(author.name.length + title.length + description.length + footer.text.length).toBeLessThanOrEqual(6000);
  });

  it('marks evidence and links the headline', () => {
    const [embed] = discord(ordinary).embeds;
    expect(embed).toMatchObject({
      title: 'Chinese **defence minister** arrives in Minsk',
      url: 'https://news.example.org/minsk',
    });
    expect(embed.description).toContain('**Viktor Khrenin**');
  });

  it('escapes all markup in a stranger’s words', () => {
    const [{ title, description }] = discord(hostile).embeds;
    for (const text of [title.replace('**\\@everyone**', ''), description]) {
      // Every piece of ASCII punctuation, the backslash too, has a backslash of its own.
      expect(text.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[*_`[\]<>|#\\@:]/);
    }
  });

  it('cannot be led out of a link by an address', () => {
    const alert = buildDigests({
      entries: [digestEntry(anAlert({ article: anArticle({ url: 'https://example.org/a)b>c(d' }) }))],
      reasons: [],
      atMs,
      configHash: 'c',
      idOfPart: () => 'd',
    })[0]!;
    expect(discord(alert).embeds[0].description).toContain('](https://example.org/a%29b%3Ec%28d)');
  });
});

describe('for Teams', () => {
  interface TeamsPost {
    type: string;
    attachments: [
      {
        contentType: string;
        content: { type: string; body: { type: string; inlines: { text: string; highlight?: boolean }[] }[] };
      },
    ];
  }
  const teams = (alert: Alert) => JSON.parse(RENDERERS.teams(alert)) as TeamsPost;

  it.each(everything)('%s is an Adaptive Card under 28 KB, of text that knows no Markdown', (_, alert) => {
    expect(Buffer.byteLength(RENDERERS.teams(alert))).toBeLessThanOrEqual(28_000);
    const { type, attachments } = teams(alert);
    expect(type).toBe('message');
    expect(attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(attachments[0].content.type).toBe('AdaptiveCard');
    expect(new Set(attachments[0].content.body.map((block) => block.type))).toEqual(new Set(['RichTextBlock']));
  });

  it('highlights evidence', () => {
    const inlines = teams(ordinary).attachments[0].content.body.flatMap((block) => block.inlines);
    expect(inlines.filter(({ highlight }) => highlight).map(({ text }) => text)).toEqual([
      'defence minister',
      'Belarusian',
      'Viktor Khrenin',
    ]);
  });
});

describe('marking and cutting', () => {
  it('joins spans that overlap or touch, and bears spans past the end', () => {
    const spans = [
      { start: 4, end: 8 },
      { start: 0, end: 3 },
      { start: 6, end: 10 },
      { start: 12, end: 99 },
      { start: 50, end: 60 },
    ];
    expect(markSpans('abcdefghijklmn', spans)).toEqual([
      { text: 'abc', marked: true },
      { text: 'd' },
      { text: 'efghij', marked: true },
      { text: 'kl' },
      { text: 'mn', marked: true },
    ]);
  });

  it('cuts a line at its limit and not inside a character', () => {
    const runs = [{ text: 'ab' }, { text: '👩👩', marked: true }, { text: 'cd' }];
    expect(cutRuns(runs, 8)).toEqual(runs);
    expect(cutRuns(runs, 6)).toEqual([{ text: 'ab' }, { text: '👩…', marked: true }]);
  });
});
