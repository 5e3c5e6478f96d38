import { Command, InvalidArgumentError } from 'commander';
import type { DeliveryQueue } from '../src/delivery/delivery-job.ts';
import { cursorOfTime, type DeliveryStore } from '../src/delivery/delivery-store.ts';
import { readToken } from '../src/delivery/past-alerts.ts';
import { replayAlerts, retryDead } from '../src/delivery/redeliver.ts';
import type { SendOutcome } from '../src/delivery/retry-plan.ts';
import { positive } from './read-number.ts';

/** What the commands need of a running installation, or of its store started for their duration. */
export interface DeliveriesAccess {
  readonly deliveries: DeliveryStore;
  readonly queue: Pick<DeliveryQueue, 'add'>;
  readonly subscribers: readonly { readonly id: string; readonly secrets: readonly string[] }[];
  /** Posts a `test.ping` to a subscriber at once. */
  readonly ping: (subscriberId: string) => Promise<SendOutcome>;
  close(): Promise<void>;
}

export interface DeliveriesDeps {
  readonly connect: (options: { readonly config: string; readonly data: string }) => Promise<DeliveriesAccess>;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly warn: (line: string) => void;
  readonly now: () => number;
}

/** A user's mistake, told in its own words. */
export class DeliveriesError extends Error {
  readonly code: 'unknown-subscriber' | 'no-secret' | 'ping-failed' | 'off';
  override readonly name = 'DeliveriesError';

  constructor(code: DeliveriesError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** `attache deliveries list|retry|replay|test|token`. One JSON line for each delivery with `--json`; `close` is called however a command ends. */
export function deliveriesCommand(deps: DeliveriesDeps): Command {
  const command = new Command('deliveries').description('shows, retries and replays what subscribers were sent');
  const withAccess =
    <O extends StoreOptions>(run: (access: DeliveriesAccess, options: O, argument: string) => Promise<void>) =>
    async (...given: unknown[]) => {
      const [argument, options] = given.length === 3 ? (given as [string, O]) : ['', given[0] as O];
      const access = await deps.connect(options);
      try {
        await run(access, options, argument);
      } finally {
        await access.close();
      }
    };

  sub(command, 'list', 'deliveries that failed for good, and those being retried')
    .option('--subscriber <id>', 'one subscriber alone')
    .option('--limit <n>', 'at most so many of each', positive, 100)
    .option('--json', 'one JSON line for each')
    .action(withAccess((access, options: ListOptions) => list(deps, access, options)));
  sub(command, 'retry', 'tries what failed for good again')
    .option('--subscriber <id>', 'one subscriber alone')
    .option('--alert <id...>', 'these alerts alone')
    .option('--limit <n>', 'at most so many', positive, 10_000)
    .action(withAccess((access, options: RetryOptions) => retry(deps, access, options)));
  sub(command, 'replay', 'sends past alerts again, with the same ids and bytes')
    .requiredOption('--subscriber <id>', 'whose')
    .option('--since <time>', 'a duration back (36h, 7d) or a time (2023-08-16T08:00:00Z)', (text) =>
      since(text, deps.now()),
    )
    .option('--after <cursor>', 'after this cursor of the subscriber’s past alerts')
    .action(withAccess((access, options: ReplayOptions) => replay(deps, access, options)));
  sub(command, 'test', 'sends a ping to a subscriber')
    .argument('<subscriber>')
    .action(withAccess((access, _options: StoreOptions, id) => ping(deps, access, id)));
  sub(command, 'token', 'prints the token with which a subscriber reads its own past alerts')
    .argument('<subscriber>')
    .action(withAccess((access, _options: StoreOptions, id) => token(deps, access, id)));
  return command;
}

/** Which installation: its config, and where its embedded Redis is. */
interface StoreOptions {
  readonly config: string;
  readonly data: string;
}

interface ListOptions extends StoreOptions {
  readonly subscriber?: string;
  readonly limit: number;
  readonly json?: boolean;
}

interface RetryOptions extends StoreOptions {
  readonly subscriber?: string;
  readonly alert?: string[];
  readonly limit: number;
}

interface ReplayOptions extends StoreOptions {
  readonly subscriber: string;
  readonly since?: number;
  readonly after?: string;
}

async function list(deps: DeliveriesDeps, access: DeliveriesAccess, options: ListOptions): Promise<void> {
  let shown = 0;
  for (const { id } of chosen(access, options.subscriber)) {
    for (const status of ['dead', 'pending'] as const) {
      for (const { alertId, state } of await access.deliveries.list(id, status, options.limit)) {
        const line = {
          subscriber: id,
          alert: alertId,
          status,
          attempts: state?.attempts ?? null,
          last: state === null ? null : new Date(state.lastAtMs).toISOString(),
          next: state?.nextMs == null ? null : new Date(state.nextMs).toISOString(),
          reason: state?.lastReason ?? 'no longer kept',
        };
        deps.print(options.json === true ? JSON.stringify(line) : sentence(line));
        shown++;
      }
    }
    const { dropped } = await access.deliveries.counts(id);
    if (dropped > 0 && options.json !== true) deps.print(`${id}: ${dropped} older deliveries are no longer listed`);
  }
  if (shown === 0) deps.warn('no delivery has failed for good, none is being retried');
}

function sentence(line: {
  subscriber: string;
  alert: string;
  status: string;
  attempts: number | null;
  next: string | null;
  reason: string;
}): string {
  const what = line.status === 'dead' ? 'failed for good' : `retried ${line.next ?? 'soon'}`;
  return `${line.subscriber}  ${line.alert}  ${what} after ${line.attempts ?? '?'} attempts: ${line.reason}`;
}

async function retry(deps: DeliveriesDeps, access: DeliveriesAccess, options: RetryOptions): Promise<void> {
  for (const { id } of chosen(access, options.subscriber)) {
    const only = options.alert === undefined ? {} : { alertIds: options.alert };
    const queued = await retryDead({ ...access, now: deps.now }, { subscriberId: id, limit: options.limit, ...only });
    deps.print(`${id}: ${queued.length} queued again`);
  }
}

async function replay(deps: DeliveriesDeps, access: DeliveriesAccess, options: ReplayOptions): Promise<void> {
  const [subscriber] = chosen(access, options.subscriber);
  let after = options.after ?? (options.since === undefined ? '' : cursorOfTime(options.since));
  let queued = 0;
  let expired = 0;
  for (let more = true, first = true; more; first = false) {
    const page = await replayAlerts({ ...access, now: deps.now }, { subscriberId: subscriber!.id, after, limit: 200 });
    if (first && page.gap && (options.after ?? options.since) !== undefined)
      deps.print(`${subscriber!.id}: older alerts are no longer kept`);
    queued += page.queued.length;
    expired += page.expired;
    ({ next: after, more } = page);
  }
  deps.print(`${subscriber!.id}: ${queued} queued again${expired > 0 ? `, ${expired} no longer kept` : ''}`);
}

async function ping(deps: DeliveriesDeps, access: DeliveriesAccess, id: string): Promise<void> {
  chosen(access, id);
  const outcome = await access.ping(id);
  if (outcome.kind === 'response' && outcome.status >= 200 && outcome.status < 300) {
    deps.print(`${id}: answered ${outcome.status} in ${outcome.tookMs} ms`);
    return;
  }
  const why = outcome.kind === 'response' ? `answered ${outcome.status}; only 2xx counts` : outcome.message;
  throw new DeliveriesError('ping-failed', `deliveries test ${id}: ${why}`);
}

async function token(deps: DeliveriesDeps, access: DeliveriesAccess, id: string): Promise<void> {
  const secret = chosen(access, id)[0]?.secrets[0];
  if (secret === undefined) {
    throw new DeliveriesError(
      'no-secret',
      `deliveries token ${id}: the subscriber has no secret; set one in subscribers.yaml`,
    );
  }
  deps.print(readToken(secret, id));
}

function chosen(access: DeliveriesAccess, id: string | undefined): DeliveriesAccess['subscribers'] {
  if (id === undefined) return access.subscribers;
  const found = access.subscribers.filter((one) => one.id === id);
  if (found.length > 0) return found;
  const known = access.subscribers.map((one) => one.id).join(', ') || 'none';
  throw new DeliveriesError(
    'unknown-subscriber',
    `deliveries: no subscriber "${id}" in subscribers.yaml; known: ${known}`,
  );
}

function sub(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--config <dir>', 'the config directory', 'config')
    .option('--data <dir>', 'the folder of the embedded Redis, where no other is configured', 'data');
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `36h`, `7d` back from now, or a time; ms since the epoch. */
function since(text: string, nowMs: number): number {
  const [, amount, unit] = text.match(/^(\d{1,6})([mhdw])$/) ?? [];
  const ms = amount === undefined ? Date.parse(text) : nowMs - Number(amount) * UNIT_MS[unit ?? 'd']!;
  if (Number.isNaN(ms))
    throw new InvalidArgumentError('expected a duration (36h, 7d) or a time (2023-08-16T08:00:00Z)');
  return ms;
}
