import { ConfigError, formatProblem } from '../src/config/config-problem.ts';
import { reloadSettings } from '../src/config/reload-settings.ts';
import type { Context } from './context.ts';
import type { RunningConfig } from './running-config.ts';

/** How the configuration in use stands to the files. */
export interface ConfigState {
  /** When the one in use was loaded, ms. */
  readonly loadedMs: number;
  /** The files as they are now cannot be used; null where they are what is in use. */
  readonly refused: { readonly atMs: number; readonly problems: readonly string[] } | null;
  /** Keys of attache.yaml whose new values wait for the next start. */
  readonly waiting: readonly string[];
  /** The feeds of the one in use are not planned yet. */
  readonly unplanned: boolean;
}

type ReloadContext = Pick<Context, 'stores' | 'metrics' | 'log' | 'current' | 'configState' | 'websub' | 'stopping'>;

/** How soon feeds are planned again after Redis has refused to, ms. */
const REPLAN_MS = 5_000;

/** The state of a worker that has just started. */
export function startedConfig({ metrics }: Pick<Context, 'metrics'>, nowMs: number): ConfigState {
  metrics.configReloadOk.set(1);
  metrics.configReloadOkSeconds.set(nowMs / 1000);
  return { loadedMs: nowMs, refused: null, waiting: [], unplanned: false };
}

/**
 * Judges, polls and notifies by this configuration from now on. Settings that need a restart stay as they are, and are named. Resolves when its feeds are planned, or
 * Redis has refused that for the first time; then it is tried again until it is done or the worker stops.
 */
export async function takeConfig(
  context: ReloadContext,
  next: RunningConfig,
  nowMs: number,
  replanMs = REPLAN_MS,
): Promise<void> {
  const { metrics, log } = context;
  const { settings, taken, waiting } = reloadSettings(context.current.config.settings, next.config.settings);
  // Before the feeds are planned: one that is due and not known yet would be put back.
  context.current = { ...next, config: { ...next.config, settings } };
  context.configState = { loadedMs: nowMs, refused: null, waiting, unplanned: true };
  log.level = settings.log.level;
  metrics.configLoads.inc({ outcome: 'ok' });
  metrics.configReloadOk.set(1);
  metrics.configReloadOkSeconds.set(nowMs / 1000);
  metrics.configRestartPending.reset();
  for (const setting of waiting) metrics.configRestartPending.set({ setting }, 1);
  if (taken.length > 0) log.info({ settings: taken }, 'settings taken over');
  if (waiting.length > 0) log.warn({ settings: waiting }, 'these settings take effect at the next start');
  void context.websub?.keepOnly(new Set(next.feeds.keys()));
  if (await planFeeds(context)) return;
  let isTrying = false;
  const timer = setInterval(async () => {
    if (isTrying) return;
    isTrying = true;
    if (await planFeeds(context)) clearInterval(timer);
    isTrying = false;
  }, replanMs);
  context.stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Plans the feeds of the configuration in use, until it is the same before and after. False when Redis refuses; at a stop that is no matter. */
async function planFeeds(context: ReloadContext): Promise<boolean> {
  try {
    for (let planned: RunningConfig | undefined; planned !== context.current; ) {
      planned = context.current;
      await context.stores.due.sync([...planned.feeds.values()]);
    }
  } catch (error) {
    if (context.stopping.aborted) return true;
    context.log.error(
      { err: error },
      'the new configuration is in use, but its feeds are not planned yet: trying again',
    );
    return false;
  }
  context.configState = { ...context.configState, unplanned: false };
  return true;
}

/** Notes that the files cannot be used; what runs stays as it is. */
export function refuseConfig(
  context: Omit<ReloadContext, 'stores' | 'websub' | 'stopping'>,
  error: unknown,
  nowMs: number,
): void {
  const { metrics, log } = context;
  const problems =
    error instanceof ConfigError
      ? error.problems.map(formatProblem)
      : [error instanceof Error ? error.message : String(error)];
  context.configState = { ...context.configState, refused: { atMs: nowMs, problems } };
  metrics.configLoads.inc({ outcome: 'error' });
  metrics.configReloadOk.set(0);
  if (error instanceof ConfigError) for (const problem of problems) log.error({}, problem);
  else log.error({ err: error }, 'configuration');
  log.error({}, 'the new configuration has errors; the running one stays');
}

/** For `/readyz`, which anybody may ask: when and how many, not what; the log and `attache check` tell that. Null while the files are what is in use. */
export function configWarning({ loadedMs, refused, waiting, unplanned }: ConfigState): string | null {
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (refused !== null) {
    const count = refused.problems.length === 1 ? '1 error' : `${refused.problems.length} errors`;
    return `running the config of ${iso(loadedMs)}; that of ${iso(refused.atMs)} was refused with ${count} (see the log, or attache check)`;
  }
  if (unplanned) return 'the feeds of the new config are not planned yet';
  return waiting.length > 0 ? `a restart is needed for ${waiting.join(', ')}` : null;
}
