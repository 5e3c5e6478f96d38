import type { StoryAlert } from '../../src/alerts/alert-schema.ts';
import type { Received } from './receiver.ts';

/** What the sample subscriber must hear, in this order for each watch: each once, with what changed. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'china-belarus-defence': [
    'story.matched by meridian-wire',
    'story.updated by vistula-daily: new-origin',
    // The same text in another paper is one more source, and no new origin.
    'story.updated by harbour-times: sources:3',
    'story.updated by meridian-wire: revision',
    'story.updated by minsk-bulletin: new-origin, language:ru',
  ],
  'mercenaries-on-the-border': ['story.matched by vistula-daily'],
};

/**
 * Holds what came against what had to come. A webhook that is repeated after a kill has the id and the bytes of its first, and counts once: that is what ids
 * are for.
 */
export function judgeRun(
  received: readonly Received[],
  badSignatures: number,
): { readonly ok: boolean; readonly summary: string } {
  const first = new Map<string, string>();
  const changed = received.filter(({ webhookId, body }) => {
    const known = first.get(webhookId);
    if (known === undefined) first.set(webhookId, body);
    return known !== undefined && known !== body;
  });
  const heard = new Map<string, StoryAlert[]>();
  for (const body of first.values()) {
    const alert = JSON.parse(body) as StoryAlert;
    const watch = alert.data.watch?.id ?? alert.type;
    heard.set(watch, [...(heard.get(watch) ?? []), alert]);
  }
  const wrong = [
    ...Object.keys({ ...EXPECTED, ...Object.fromEntries(heard) }).flatMap((watch) =>
      differences(watch, EXPECTED[watch] ?? [], (heard.get(watch) ?? []).map(describe)),
    ),
    ...(badSignatures > 0 ? [`${badSignatures} webhooks had no valid signature`] : []),
    ...changed.map(({ webhookId }) => `${webhookId} came again with other bytes`),
  ];
  const repeats = received.length - first.size;
  const counts = `${first.size} alerts, each once${repeats > 0 ? ` (${repeats} came again with the same id and bytes)` : ''}; every signature valid`;
  return {
    ok: wrong.length === 0,
    summary: wrong.length === 0 ? `As expected: ${counts}.` : `Not as expected:\n  ${wrong.join('\n  ')}`,
  };
}

function describe({ type, data }: StoryAlert): string {
  return `${type} by ${data.article.source.id}${data.change.length > 0 ? `: ${data.change.join(', ')}` : ''}`;
}

function differences(watch: string, expected: readonly string[], heard: readonly string[]): string[] {
  if (expected.join('\n') === heard.join('\n')) return [];
  return [
    `${watch}: expected ${expected.join(' | ') || 'nothing'}`,
    `${' '.repeat(watch.length)}  heard ${heard.join(' | ') || 'nothing'}`,
  ];
}
