/**
 * What subscribers would have been told of a stream of articles, in memory: alerts for each watch, and why each update came.
 *
 *   node bench/alerts/life.ts ARTICLES.jsonl [--config DIR] [--show WATCH]
 *
 * The articles are JSON lines as `attache triage` reads them, in the order of their time. `--show` prints the alerts of one watch, story by story.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadTrial } from '../../cli/load-trial.ts';
import { type AnnouncedState, changeKind, decideAlert, mergeAnnounced } from '../../src/alerts/lifecycle.ts';
import { createMemoryIndex } from '../../src/stories/memory-index.ts';
import type { JoinResult } from '../../src/stories/story.ts';
import { judgeArticle } from '../../src/triage/judge-article.ts';
import { articleOf, judgedTextOf, readTriageLine } from '../../src/triage/offline-triage.ts';
import { storyInputOf } from '../../src/triage/story-input.ts';

interface Told {
  readonly watch: string;
  readonly story: string;
  readonly event: string;
  readonly changes: readonly string[];
  readonly title: string;
  readonly source: string;
  readonly at: string;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string', default: 'config' }, show: { type: 'string' } },
});
const [file] = positionals;
if (file === undefined)
  throw new Error('usage: node bench/alerts/life.ts ARTICLES.jsonl [--config DIR] [--show WATCH]');
const told = await playStream(file, values.config);
printTable(told);
if (values.show !== undefined) printWatch(told, values.show);

async function playStream(path: string, config: string): Promise<Told[]> {
  const trial = await loadTrial({ config }, process.env, new Date());
  const index = createMemoryIndex({ windowSec: trial.config.settings.retention.storyWindow });
  const states = new Map<string, Map<string, AnnouncedState>>();
  const out: Told[] = [];
  let clockMs = 0;
  for (const written of readFileSync(path, 'utf8').trim().split('\n')) {
    const line = readTriageLine(written);
    if (line.publishedAt !== undefined) clockMs = Date.parse(line.publishedAt);
    const { article } = articleOf(line, judgedTextOf(line, trial.sources, clockMs), clockMs);
    const judgement = judgeArticle(trial.knowledge, article);
    const joined = await index.join(storyInputOf(article, judgement));
    const state = stateOf(states, joined);
    const matched = new Set(judgement.matches.map(({ watch }) => watch));
    for (const watch of new Set([...matched, ...state.keys()])) {
      const decision = decideAlert({
        watch: { id: watch },
        story: joined,
        verdict: joined.verdict,
        merged: joined.merged,
        articleMatchedItself: matched.has(watch),
        announced: state.get(watch) ?? null,
      });
      if (decision.announced !== null) state.set(watch, decision.announced);
      if (decision.event === null) continue;
      out.push({
        watch,
        story: joined.after.id,
        event: decision.event,
        changes: decision.changes,
        title: article.title,
        source: article.source.name,
        at: new Date(article.at).toISOString(),
      });
    }
  }
  return out;
}

/** What was announced of a story, with that of the stories which were merged into it. */
function stateOf(
  states: Map<string, Map<string, AnnouncedState>>,
  { after, merged }: JoinResult,
): Map<string, AnnouncedState> {
  const state = states.get(after.id) ?? new Map<string, AnnouncedState>();
  states.set(after.id, state);
  for (const from of merged) {
    for (const [watch, theirs] of states.get(from) ?? []) {
      const ours = state.get(watch);
      state.set(watch, ours ? mergeAnnounced(ours, theirs) : theirs);
    }
    states.delete(from);
  }
  return state;
}

function printTable(all: readonly Told[]): void {
  const counts = new Map<string, Record<string, number>>();
  for (const { watch, event, changes } of all) {
    const row = counts.get(watch) ?? { stories: 0, updates: 0 };
    counts.set(watch, row);
    const kinds = [...new Set(changes.map((change) => changeKind(change) ?? change))];
    const alone = kinds.length === 1 ? [`${kinds[0]} alone`] : [];
    for (const column of [event === 'story.matched' ? 'stories' : 'updates', ...kinds, ...alone]) {
      row[column] = (row[column] ?? 0) + 1;
    }
  }
  console.table(Object.fromEntries(counts));
}

function printWatch(all: readonly Told[], watch: string): void {
  const stories = new Map<string, Told[]>();
  for (const one of all) {
    if (one.watch !== watch) continue;
    stories.set(one.story, [...(stories.get(one.story) ?? []), one]);
  }
  for (const alerts of stories.values()) {
    for (const { at, event, changes, title, source } of alerts) {
      const head = event === 'story.matched' ? '● ' : '    ';
      console.log(`${head}${at.slice(0, 16)} ${changes.join(' ')} | ${title} (${source})`);
    }
  }
}
