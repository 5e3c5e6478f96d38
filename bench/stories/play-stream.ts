import { type BackgroundStatistics, readBackground } from '../../src/stories/background.ts';
import { JOIN_MODEL, type JoinModel } from '../../src/stories/join-model.ts';
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import type { LabelledStream } from './labelled-stream.ts';
import { type StoryScore, scoreAcross, scoreStories } from './score-pairwise.ts';

let shared: BackgroundStatistics | null = null;
/** The background, read once. */
export function background(): BackgroundStatistics {
  shared ??= readBackground();
  return shared;
}

/** Joins a stream's articles in order, and scores the stories as they are in the end. */
export async function playStream(
  { inputs, clusters }: LabelledStream,
  model: JoinModel = JOIN_MODEL,
): Promise<StoryScore & { readonly merges: number; readonly across: ReturnType<typeof scoreAcross> }> {
  const index = createMemoryIndex({ background: background(), model });
  const living = new Map<string, string>();
  const ids: string[] = [];
  for (const input of inputs) {
    const { after, merged } = await index.join(input);
    for (const gone of merged) living.set(gone, after.id);
    ids.push(after.id);
  }
  const now = (id: string): string => (living.has(id) ? now(living.get(id)!) : id);
  const found = ids.map(now);
  const langs = inputs.map(({ lang }) => lang);
  return { ...scoreStories(clusters, found), merges: living.size, across: scoreAcross(langs, clusters, found) };
}
