/**
 * Scores the in-memory index, without topics and entities, on labelled streams.
 *
 *   node bench/stories/score-stories.ts [--half] FILE.jsonl[.gz]…
 */
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import { readLabelledStream } from './labelled-stream.ts';
import { scoreStories } from './score-pairwise.ts';

const args = process.argv.slice(2);
const files = args.filter((one) => one !== '--half');
for (const file of files) {
  const { name, inputs, clusters } = readLabelledStream(file, args.includes('--half'));
  const index = createMemoryIndex();
  const living = new Map<string, string>();
  const ids: string[] = [];
  const startMs = performance.now();
  for (const input of inputs) {
    const { after, merged } = await index.join(input);
    for (const gone of merged) living.set(gone, after.id);
    ids.push(after.id);
  }
  const perArticleMs = (performance.now() - startMs) / inputs.length;
  const now = (id: string): string => (living.has(id) ? now(living.get(id)!) : id);
  const score = scoreStories(clusters, ids.map(now));
  const figures = [score.precision, score.recall, score.f1, score.bcubed].map((one) => one.toFixed(3));
  console.log(
    `${name.padEnd(30)} P ${figures[0]} R ${figures[1]} F1 ${figures[2]} B³ ${figures[3]} (${inputs.length} articles, ${new Set(clusters).size} stories, found ${score.stories}, merges ${living.size}, ${perArticleMs.toFixed(2)} ms each)`,
  );
}
