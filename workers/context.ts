import type { ParsePool } from '../src/feeds/parse-pool.ts';
import type { Metrics } from '../src/http/metrics.ts';
import type { Logger } from './logger.ts';
import type { Outbound } from './outbound.ts';
import type { ConfigState } from './reload.ts';
import type { Role } from './roles.ts';
import type { RunningConfig } from './running-config.ts';
import type { Stores } from './stores.ts';
import type { Websub } from './websub.ts';

/** What a running process holds: made once by the composition root, handed to what it starts. */
export interface Context {
  readonly roles: ReadonlySet<Role>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly stores: Stores;
  readonly outbound: Outbound;
  readonly parse: ParsePool;
  /** Null where no public address is configured. */
  readonly websub: Websub | null;
  readonly stopping: AbortSignal;
  /** Redis' time, ms since the epoch: what is due in the store is planned by it. */
  readonly storeNow: () => number;
  /** Exchanged as a whole at a reload. */
  current: RunningConfig;
  configState: ConfigState;
}
