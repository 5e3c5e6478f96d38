import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressFor, freeAddressFor } from './redis-address.ts';
import { endServer, logSince, logSize, serverPid, spawnServer, stateOf, untilReady } from './redis-child.ts';
import { redisConf, urlOf } from './redis-conf.ts';

/** What pino's logger is, as far as this file needs it. */
export interface EmbeddedRedisLog {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

export interface EmbeddedRedisDeps {
  readonly log: EmbeddedRedisLog;
  /** Finds or brings a redis-server or valkey-server, when one has to be started; rejects with the user's ways out. */
  readonly serverProgram: () => Promise<string>;
}

/**
 * - `in-use`: another worker works on the same data folder
 * - `data-folder`: the folder cannot be made or written to
 * - `did-not-start`: the server ended before it answered; the message has the end of its log
 */
export type EmbeddedRedisErrorCode = 'in-use' | 'data-folder' | 'did-not-start';

export class EmbeddedRedisError extends Error {
  override readonly name = 'EmbeddedRedisError';
  readonly code: EmbeddedRedisErrorCode;

  constructor(code: EmbeddedRedisErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Opened {
  readonly url: string;
  readonly joined: boolean;
}

/**
 * Finds the server that runs in `folder`, or starts one there. The caller sees to it that nobody else does the same at this moment.
 *
 * @throws {EmbeddedRedisError} `did-not-start`
 */
export async function openRedis(deps: EmbeddedRedisDeps, folder: string): Promise<Opened> {
  let url = urlOf(await addressFor(folder));
  if (serverPid(folder) !== null) {
    let state = await stateOf(url);
    for (; state === 'loading'; state = await stateOf(url)) await sleep(100);
    if (state === 'ready') return { url, joined: true };
    deps.log.warn({ folder }, 'a redis-server of an earlier run does not answer; ending it');
    await endServer(folder);
  }
  const address = await freeAddressFor(folder);
  url = urlOf(address);
  const program = await deps.serverProgram();
  writeFileSync(join(folder, 'redis.conf'), redisConf(address, folder), { mode: 0o600 });
  const logged = logSize(folder);
  const failure = await untilReady(spawnServer(program, folder), url);
  if (failure !== null) throw didNotStart(program, folder, failure, logged);
  tellTruncation(deps.log, folder, logged);
  deps.log.info({ folder, program, pid: serverPid(folder) }, 'embedded redis-server started');
  return { url, joined: false };
}

function didNotStart(program: string, folder: string, failure: string, logged: number): EmbeddedRedisError {
  const last = logSince(folder, logged).slice(-5).join('\n  ');
  return new EmbeddedRedisError(
    'did-not-start',
    `embedded redis-server (${program}) did not start: ${failure}. The end of ${join(folder, 'redis.log')}:\n  ${last || '(nothing was logged)'}`,
  );
}

function tellTruncation(log: EmbeddedRedisLog, folder: string, logged: number): void {
  const line = logSince(folder, logged).find((one) => /truncating the AOF|AOF loaded anyway/i.test(one));
  if (line === undefined) return;
  const message =
    "the append-only file ended inside a write, as after a power cut; the torn end was dropped, and with it the last second's work at most";
  log.warn({ folder, redis: line }, message);
}
