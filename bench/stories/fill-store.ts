import { once } from 'node:events';
import { connect } from 'node:net';
import { commitJoin } from '../../src/stories/commit-story.ts';
import type { JoinDecision } from '../../src/stories/decide-join.ts';
import {
  COUNT_CELLS,
  epochsOf,
  type JoinPlan,
  POSTING_LIMIT,
  planJoin,
  type WeighedArticle,
} from '../../src/stories/plan-join.ts';
import { readStory } from '../../src/stories/stored-story.ts';
import { listPlaceOf, recordKey, type StoryDatabase } from '../../src/stories/story-commands.ts';
import { packMember } from '../../src/stories/story-member.ts';
import { vectorOf } from '../../src/stories/term-vector.ts';
import { type MadeUpReport, madeUpBackground, reportsOf } from './made-up-news.ts';

/** So many events, the last ones, are read from their texts and committed by the store's own script; those before are copies of them with other rare terms, numbers and times. */
const TEMPLATES = 4_000;
/** Terms rarer than this are an event's own. */
const OWN_SHARE = 1 / 2_000;
const AT_ONCE = 64;
const CELL_BYTES = 3;

interface Span {
  readonly beganMs: number;
  readonly spanMs: number;
  readonly events: number;
}

/** A story as the script kept it, with what it was made of. */
interface Template {
  readonly plans: readonly JoinPlan[];
  readonly story: Buffer;
  readonly records: readonly Buffer[];
}

/**
 * Fills an empty store with made-up stories. The script's own way costs half a millisecond a story, an hour for a million on a busy machine; so it keeps the last 4,000, and the
 * bytes and lists of the others are made from theirs as it would have made them.
 */
export async function fillStore(database: StoryDatabase, socket: string, span: Span): Promise<void> {
  const background = madeUpBackground();
  const templates = Math.min(span.events, TEMPLATES);
  const plansOf = (event: number): JoinPlan[] =>
    reportsOf(event, beginOf(event, span)).map(({ input }: MadeUpReport) => planJoin(input, background));
  const plans = Array.from({ length: templates }, (_, index) => plansOf(span.events - templates + index));
  if (span.events > templates) {
    await commitAll(database, plans);
    const kept = await Promise.all(plans.map((one) => readTemplate(database, one)));
    await database.redis.flushall();
    await copyAll(database, socket, kept, span);
  }
  await commitAll(database, plans);
}

const beginOf = (event: number, { beganMs, spanMs, events }: Span): number =>
  beganMs + Math.floor((event / events) * spanMs);

async function commitAll(database: StoryDatabase, plans: readonly (readonly JoinPlan[])[]): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let one = plans[next++]; one !== undefined; one = plans[next++]) await commitStory(database, one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function commitStory(database: StoryDatabase, plans: readonly JoinPlan[]): Promise<void> {
  let story: number | null = null;
  for (const plan of plans) {
    await commitJoin(database, plan, weighed(plan), decisionOf(story, plan.input.id), null);
    story ??= await numberOf(database, plan);
  }
}

const weighed = (plan: JoinPlan): WeighedArticle => plan.weigh({ stories: 0, holding: [] });

const numberOf = async ({ redis, prefix }: StoryDatabase, plan: JoinPlan): Promise<number> =>
  (await redis.getrangeBuffer(recordKey(prefix, plan.input.id), 1, 4)).readUInt32LE(0);

const decisionOf = (story: number | null, origin: string): JoinDecision => ({
  verdict: story === null ? 'new' : 'same-story',
  story,
  of: null,
  similarity: null,
  origin,
  merge: [],
  reason: 'log-odds 1.23 of the same event, 0 asked for',
});

async function readTemplate(database: StoryDatabase, plans: readonly JoinPlan[]): Promise<Template> {
  const { redis, prefix } = database;
  const number = await numberOf(database, plans[0]!);
  const [story, ...records] = await redis.mgetBuffer(
    `${prefix}:s:${number}`,
    ...plans.map((plan) => recordKey(prefix, plan.input.id)),
  );
  return { plans, story: story!, records: records.map((record) => record!) };
}

/** Copies stories until the templates' own events begin, over one connection without a client. */
async function copyAll(
  database: StoryDatabase,
  socket: string,
  templates: readonly Template[],
  span: Span,
): Promise<void> {
  const { prefix, windowMs, storyTtlSec, indexTtlSec, recordTtlSec } = database;
  const pipe = await openPipe(socket);
  const lists = new Map<number, Map<number, number[]>>();
  const tables = new Map<number, Uint32Array>();
  const copies = span.events - templates.length;
  for (let number = 1; number <= copies; number++) {
    const template = templates[(number - 1) % templates.length]!;
    const variant = 1 + Math.floor((number - 1) / templates.length);
    const shiftMs = beginOf(number - 1, span) - template.plans[0]!.input.at;
    const keyOf = keysOf(template.plans, variant);
    await pipe.send('SET', `${prefix}:s:${number}`, copyStory(template.story, keyOf, shiftMs), 'EX', storyTtlSec);
    for (const [index, plan] of template.plans.entries()) {
      await pipe.send(
        'SET',
        recordKey(prefix, `${plan.input.id}-${variant}`),
        template.records[index]!,
        'EX',
        recordTtlSec,
      );
      const { epoch, generation } = epochsOf(plan.input.at + shiftMs, windowMs);
      for (const key of weighed(plan).posted)
        post(
          within(lists, epoch, () => new Map()),
          keyOf(key),
          number,
        );
      if (index === 0)
        count(
          within(tables, generation, () => new Uint32Array(COUNT_CELLS + 1)),
          plan,
          keyOf,
        );
    }
  }
  for (const [epoch, byKey] of lists) {
    for (const [key, numbers] of byKey) {
      const [shard, field] = listPlaceOf(key);
      await pipe.send('HSET', `${prefix}:p:${epoch}:${shard}`, field, Buffer.from(new Uint32Array(numbers).buffer));
    }
    for (let shard = 0; shard < 65_536; shard++)
      await pipe.send('EXPIRE', `${prefix}:p:${epoch}:${shard}`, indexTtlSec);
  }
  for (const [generation, table] of tables)
    await pipe.send('SET', `${prefix}:c:${generation}`, packTable(table), 'EX', indexTtlSec);
  await pipe.send('HSET', `${prefix}:n`, 'n', copies, 't', copies);
  await pipe.end();
}

/** Common words stay, an event's own become others. */
function keysOf(plans: readonly JoinPlan[], variant: number): (key: number) => number {
  const own = new Set(
    plans.flatMap((plan) => plan.terms.filter(({ share }) => share < OWN_SHARE).map(({ key }) => key)),
  );
  return (key) => (own.has(key) ? Math.imul(key ^ Math.imul(variant, 0x9e3779b1), 0x85ebca6b) >>> 0 : key);
}

function copyStory(story: Buffer, keyOf: (key: number) => number, shiftMs: number): Buffer {
  const body = Buffer.from(story.subarray(0, 24 + story.readUInt32LE(20)));
  body.writeDoubleLE(body.readDoubleLE(4) + shiftMs, 4);
  body.writeDoubleLE(body.readDoubleLE(12) + shiftMs, 12);
  const members = readStory(0, story).members.map((member) => {
    const terms = vectorOf(member.terms.all().map((term) => ({ ...term, key: keyOf(term.key) })));
    const bytes = packMember({ ...member, at: member.at + shiftMs, terms });
    return Buffer.concat([Buffer.from([bytes.length & 255, bytes.length >> 8]), bytes]);
  });
  return Buffer.concat([body, ...members]);
}

function post(lists: Map<number, number[]>, key: number, number: number): void {
  const list = within(lists, key, () => []);
  if (list.at(-1) === number) return;
  list.push(number);
  if (list.length > POSTING_LIMIT) list.shift();
}

function count(table: Uint32Array, plan: JoinPlan, keyOf: (key: number) => number): void {
  table[COUNT_CELLS]!++;
  for (const { key } of plan.terms) table[keyOf(key) & (COUNT_CELLS - 1)]!++;
}

/** Big-endian, as BITFIELD has it. */
function packTable(table: Uint32Array): Buffer {
  const bytes = Buffer.alloc(table.length * CELL_BYTES);
  for (const [cell, held] of table.entries()) bytes.writeUIntBE(held, cell * CELL_BYTES, CELL_BYTES);
  return bytes;
}

function within<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

interface Pipe {
  send(...command: readonly (string | number | Buffer)[]): Promise<void>;
  end(): Promise<void>;
}

/** Commands whose answers do not matter, in pieces of some 64 kB. */
async function openPipe(path: string): Promise<Pipe> {
  const socket = connect(path);
  await once(socket, 'connect');
  socket.resume();
  let waiting: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const isFree = socket.write(Buffer.concat(waiting));
    [waiting, bytes] = [[], 0];
    if (!isFree) await once(socket, 'drain');
  };
  return {
    async send(...command) {
      waiting.push(Buffer.from(`*${command.length}\r\n`));
      for (const part of command) {
        const value = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
        waiting.push(Buffer.from(`$${value.length}\r\n`), value, Buffer.from('\r\n'));
        bytes += value.length + 16;
      }
      if (bytes > 65_536) await flush();
    },
    async end() {
      await flush();
      socket.end();
      await once(socket, 'close');
    },
  };
}
