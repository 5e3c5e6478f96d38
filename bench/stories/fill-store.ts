import { commitJoin } from '../../src/stories/commit-story.ts';
import type { JoinDecision } from '../../src/stories/decide-join.ts';
import { COUNT_CELLS, epochsOf, type JoinPlan, planJoin } from '../../src/stories/plan-join.ts';
import { recordKey, type StoryDatabase } from '../../src/stories/story-commands.ts';
import { madeUpBackground, reportsOf } from './made-up-news.ts';

/** So many events are read from their texts, the last ones; the others are theirs with other rare terms, which saves an hour. */
const TEMPLATES = 4_000;
/** Terms rarer than this are an event's own. */
const OWN_SHARE = 1 / 2_000;
const AT_ONCE = 256;
const CELL_BYTES = 3;

/**
 * Fills an empty store with made-up stories over `spanMs`, each article committed by the store's own script, its story known beforehand instead of looked up. Terms are
 * counted aside and written at the end, as the script would have.
 */
export async function fillStore(
  database: StoryDatabase,
  { events, beganMs, spanMs }: { readonly events: number; readonly beganMs: number; readonly spanMs: number },
): Promise<void> {
  const background = madeUpBackground();
  const templates = Array.from({ length: Math.min(events, TEMPLATES) }, (_, index) =>
    reportsOf(events - 1 - index, 0).map(({ input }) => planJoin(input, background)),
  );
  const tables = new Map<number, Uint32Array>();
  let next = 0;
  async function work(): Promise<void> {
    while (next < events) {
      const event = next++;
      const back = events - 1 - event;
      const offsetMs = beganMs + Math.floor((event / events) * spanMs);
      await fillStory(database, templates[back % TEMPLATES]!, Math.floor(back / TEMPLATES), offsetMs, tables);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const [generation, table] of tables)
    await database.redis.set(`${database.prefix}:c:${generation}`, packTable(table), 'EX', database.indexTtlSec);
}

async function fillStory(
  database: StoryDatabase,
  reports: readonly JoinPlan[],
  variant: number,
  offsetMs: number,
  tables: Map<number, Uint32Array>,
): Promise<void> {
  let story: number | null = null;
  for (const report of reports) {
    const plan = variantOf(report, variant, offsetMs);
    const decision = decisionOf(story, plan.input.id);
    const member = plan.member({ stories: 0, holding: [] });
    await commitJoin(database, { ...plan, terms: [] }, member, decision, null);
    if (story !== null) continue;
    count(tables, epochsOf(plan.input.at, database.windowMs).generation, plan);
    if (reports.length === 1) continue;
    story = (await database.redis.getrangeBuffer(recordKey(database.prefix, plan.input.id), 1, 4)).readUInt32LE(0);
  }
}

/** The plan of another event with the same common words. */
function variantOf(plan: JoinPlan, variant: number, offsetMs: number): JoinPlan {
  const turn = (key: number): number => Math.imul(key ^ Math.imul(variant, 0x9e3779b1), 0x85ebca6b) >>> 0;
  const own = new Set(variant === 0 ? [] : plan.terms.filter(({ share }) => share < OWN_SHARE).map(({ key }) => key));
  const keyOf = (key: number): number => (own.has(key) ? turn(key) : key);
  const id = `${plan.input.id}-v${variant}`;
  const at = plan.input.at + offsetMs;
  return {
    ...plan,
    input: { ...plan.input, id, at },
    storyId: `${variant}-${plan.storyId}`.slice(0, 20),
    terms: plan.terms.map((term) => ({ ...term, key: keyOf(term.key) })),
    member: (recent) => {
      const member = plan.member(recent);
      return { ...member, articleId: id, at, terms: member.terms.map((term) => ({ ...term, key: keyOf(term.key) })) };
    },
  };
}

const decisionOf = (story: number | null, origin: string): JoinDecision => ({
  verdict: story === null ? 'new' : 'same-story',
  story,
  of: null,
  similarity: null,
  origin,
  merge: [],
  reason: 'log-odds 1.23 of the same event, 0 asked for',
});

function count(tables: Map<number, Uint32Array>, generation: number, plan: JoinPlan): void {
  const table = tables.get(generation) ?? new Uint32Array(COUNT_CELLS + 1);
  tables.set(generation, table);
  table[COUNT_CELLS]!++;
  for (const { key } of plan.terms) table[key & (COUNT_CELLS - 1)]!++;
}

/** Big-endian, as BITFIELD has it. */
function packTable(table: Uint32Array): Buffer {
  const bytes = Buffer.alloc(table.length * CELL_BYTES);
  for (const [cell, held] of table.entries()) bytes.writeUIntBE(held, cell * CELL_BYTES, CELL_BYTES);
  return bytes;
}
