/**
 * Scores pairs of articles: the second joins an index in which only the first is. Rows {a, b, a_text?, b_text?, lang, label: 1 | 0 | null, body_containment?}: of those
 * labelled 1 and 0 the shares that are called copy or same story, of wire copies (body_containment) the shares called copy, by containment. Rows {guid, versions: [{title,
 * text}…]}: the share of edits that are revisions in the story of the first version.
 */
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import type { StoryInput, StoryVerdict } from '../../src/stories/story.ts';
import { background } from './play-stream.ts';

export interface PairRow {
  readonly a?: string;
  readonly b?: string;
  readonly a_text?: string;
  readonly b_text?: string;
  readonly lang: string;
  readonly label?: number | null;
  readonly score?: number | null;
  readonly body_containment?: number;
  readonly guid?: string;
  readonly versions?: readonly { readonly title: string; readonly text: string }[];
}

const article = (id: string, revision: string, title: string, text: string, lang: string): StoryInput => ({
  ...{ id, revision, title, text, lang, summary: '', at: 1_690_000_000_000, isDated: true, url: null },
  ...{ source: { id: '' }, entities: [], topics: [] },
});

async function verdictOf({ a = '', b = '', a_text = '', b_text = '', lang }: PairRow): Promise<StoryVerdict> {
  const index = createMemoryIndex({ background: background() });
  await index.join(article('a', '1', a, a_text, lang));
  return (await index.join(article('b', '1', b, b_text, lang))).verdict;
}

async function scoreEdits(rows: readonly PairRow[]): Promise<string> {
  let edits = 0;
  let revisions = 0;
  const index = createMemoryIndex({ background: background() });
  for (const { guid = '', versions = [], lang } of rows) {
    let story: string | null = null;
    const seen = new Set<string>();
    for (const { title, text } of versions) {
      const revision = `${title}\n${text}`;
      const { verdict, after } = await index.join(article(guid, revision, title, text, lang));
      if (story !== null && !seen.has(revision)) {
        edits++;
        if (verdict === 'revision' && after.id === story) revisions++;
      }
      story ??= after.id;
      seen.add(revision);
    }
  }
  return `${rows.length} items, ${revisions} of ${edits} edits are revisions`;
}

async function scorePairs(rows: readonly PairRow[]): Promise<string> {
  const groups = new Map<string, StoryVerdict[]>();
  for (const row of rows) {
    const group = groupOf(row);
    if (group !== null) groups.set(group, [...(groups.get(group) ?? []), await verdictOf(row)]);
  }
  const share = (all: readonly StoryVerdict[], ...wanted: StoryVerdict[]): string =>
    (all.filter((one) => wanted.includes(one)).length / all.length).toFixed(2);
  return [...groups]
    .sort()
    .map(
      ([group, all]) =>
        `${group}: ${share(all, 'copy')} copy, ${share(all, 'copy', 'same-story')} joined (${all.length})`,
    )
    .join('; ');
}

function groupOf({ body_containment: contained, label, score }: PairRow): string | null {
  if (contained !== undefined)
    return contained >= 0.6 ? 'contained ≥ 0.6' : contained >= 0.45 ? 'contained 0.45 to 0.6' : 'contained < 0.45';
  if (label === 1 || label === 0) return label === 1 ? 'same' : 'other';
  return score === null || score === undefined ? null : 'between';
}

/** What there is to say of a file of pairs, in a line. */
export const scorePairFile = (rows: readonly PairRow[]): Promise<string> =>
  rows[0]?.versions === undefined ? scorePairs(rows) : scoreEdits(rows);
