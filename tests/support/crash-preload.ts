// Loaded before the program by `node --import` in a process that is to be killed: counts what goes over the process' edges, to Redis and by HTTP, and kills
// it at a given one with SIGKILL. The program itself knows nothing of this.
import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { existsSync, writeFileSync, writeSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type * as Ioredis from 'ioredis';
import type { jobId } from '../../src/queues/job-id.ts';
import {
  type CrashMessage,
  type CrashSettings,
  type Edge,
  fits,
  type KillPoint,
  type LastWords,
} from './crash-edge.ts';

const LAST_WORDS_FD = 3;
const RECORDED = 'attacherecordattempt';
const FINISHED = 'movetofinished/deliver';
const SUBSCRIBER = 'desk';

if (isMainThread) await prepare();

async function prepare(): Promise<void> {
  const settings = JSON.parse(new URL(import.meta.url).searchParams.get('settings') ?? '{}') as CrashSettings;
  patchSources(settings);
  const guard = createGuard();
  const ioredis = await import('ioredis'); // not in the threads, which load this module too
  nameScripts(ioredis);
  const names = await import('../../src/queues/job-id.ts'); // only now: it may be patched
  watchRedis(guard, ioredis.Redis, names.jobId);
  watchRequests(guard);
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL')); // the test is gone
  await import('../../cli/start.ts'); // loaded ahead of its time: a process stands ready when its predecessor dies
  await keepCompiled();
  const [message] = (await once(process, 'message')) as [CrashMessage];
  guard.aim(message.kill);
  process.on('message', ({ kill }: CrashMessage) => guard.aim(kill));
  process.channel?.unref();
}

/** A killed process writes nothing at its end, nor do its threads: what it has compiled is kept now, and once what they will load too. */
async function keepCompiled(): Promise<void> {
  const warm = join(getCompileCacheDir() ?? tmpdir(), 'warm');
  const isCold = !existsSync(warm);
  if (isCold) await import('../../src/feeds/parse-worker.ts');
  flushCompileCache();
  if (isCold) writeFileSync(warm, '');
}

interface Guard {
  aim(point: KillPoint | null): void;
  pass(edge: Edge): void;
  readonly inFlight: Set<string>;
}

function createGuard(): Guard {
  const inFlight = new Set<string>();
  let point: KillPoint | null = null;
  let edges = 0;
  let left = 0;
  return {
    inFlight,
    aim(next) {
      point = next;
      edges = 0;
      left = next?.nth ?? 0;
    },
    pass(edge) {
      edges++;
      if (point === null || !fits(point, edge) || --left > 0) return;
      const words: LastWords = { ...edge, edge: edges, inFlight: [...inFlight] };
      writeSync(LAST_WORDS_FD, `${JSON.stringify(words)}\n`);
      const { signal = 'SIGKILL' } = point;
      point = null; // a paused one wakes up
      process.kill(process.pid, signal);
    },
  };
}

const scriptNames = new Map<string, string>();

/** Scripts are sent as EVALSHA: their names are learned where they are defined. */
function nameScripts({ Redis, Cluster }: typeof Ioredis): void {
  for (const { prototype } of [Redis, Cluster]) {
    const define = prototype.defineCommand;
    prototype.defineCommand = function defineCommand(name, definition) {
      const own = name.split(':')[0]!.toLowerCase();
      define.call(this, name, definition);
      scriptNames.set(definition.lua, own);
    };
  }
}

/** A script by its name, with the queue it works on where it is BullMQ's; any other command by its own. */
function nameOf(name: string, args: readonly string[]): string {
  const script = scriptNames.get(args[0] ?? '') ?? shaNames().get(args[0] ?? '');
  if (script === undefined) return name.toLowerCase();
  const queue = /^\{[^}]+\}:([a-z]+):/.exec(args[2] ?? '')?.[1];
  return queue === undefined ? script : `${script}/${queue}`;
}

let named = 0;
const bySha = new Map<string, string>();
function shaNames(): Map<string, string> {
  if (named === scriptNames.size) return bySha;
  for (const [lua, name] of scriptNames) bySha.set(sha1(lua), name);
  named = scriptNames.size;
  return bySha;
}

/** A delivery is in flight from its request until its outcome is recorded, at the latest until its job is over. */
function watchRedis({ pass, inFlight }: Guard, Redis: typeof Ioredis.Redis, idOf: typeof jobId): void {
  const send = Redis.prototype.sendCommand;
  Redis.prototype.sendCommand = function sendCommand(command, stream) {
    const args = (command as unknown as { args: unknown[] }).args.map(String);
    const name = nameOf(command.name, args);
    if (name === FINISHED)
      for (const id of inFlight) if (args.includes(idOf('deliver', SUBSCRIBER, id, '0'))) inFlight.delete(id);
    pass({ what: 'redis', name, when: 'before' });
    const original = command.resolve;
    command.resolve = (result) => {
      if (name === RECORDED) inFlight.delete(args[2 + Number(args[1]) + 1] ?? '');
      pass({ what: 'redis', name, when: 'after' });
      original.call(command, result);
    };
    return send.call(this, command, stream);
  };
}

interface UndiciRequest {
  readonly method: string;
  readonly headers: readonly string[];
}

function watchRequests({ pass, inFlight }: Guard): void {
  const on = (name: string, when: Edge['when']): void =>
    channel(`undici:request:${name}`).subscribe((event) => {
      const { request } = event as { request: UndiciRequest };
      const at = request.headers.indexOf('webhook-id');
      if (at >= 0 && when === 'before') inFlight.add(request.headers[at + 1]!);
      pass({ what: 'http', name: request.method, when });
    });
  on('create', 'before');
  on('bodySent', 'sent');
  on('headers', 'after');
}

function patchSources({ patches }: CrashSettings): void {
  const root = new URL('../../', import.meta.url).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const mine = patches.filter((patch) => url === root + patch.file);
      if (mine.length === 0) return loaded;
      let source = String(loaded.source);
      for (const { file, find, replace } of mine) {
        const parts = source.split(find);
        if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places for the patch "${find}"`);
        source = parts.join(replace);
      }
      return { ...loaded, source };
    },
  });
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
