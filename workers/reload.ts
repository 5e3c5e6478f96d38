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
}

type ReloadContext = Pick<Context, 'stores' | 'metrics' | 'log' | 'current' | 'configState' | 'websub'>;

/** The state of a worker that has just started. */
export function startedConfig({ metrics }: Pick<Context, 'metrics'>, nowMs: number): ConfigState {
  metrics.configReloadOk.set(1);
  metrics.configReloadOkSeconds.set(nowMs / 1000);
  return { loadedMs: nowMs, refused: null, waiting: [] };
}

/** Judges, polls and notifies by this configuration from now on. Settings that need a restart stay as they are, and are named. */
export async function takeConfig(context: ReloadContext, next: RunningConfig, nowMs: number): Promise<void> {
  const { metrics, log } = context;
  const { settings, taken, waiting } = reloadSettings(context.current.config.settings, next.config.settings);
  context.current = { ...next, config: { ...next.config, settings } };
  context.configState = { loadedMs: nowMs, refused: null, waiting };
  log.level = settings.log.level;
  await context.stores.due.sync([...next.feeds.values()]);
  void context.websub?.keepOnly(new Set(next.feeds.keys()));
  metrics.configLoads.inc({ outcome: 'ok' });
  metrics.configReloadOk.set(1);
  metrics.configReloadOkSeconds.set(nowMs / 1000);
  metrics.configRestartPending.reset();
  for (const setting of waiting) metrics.configRestartPending.set({ setting }, 1);
  if (taken.length > 0) log.info({ settings: taken }, 'settings taken over');
  if (waiting.length > 0) log.warn({ settings: waiting }, 'these settings take effect at the next start');
}

/** Notes that the files cannot be used; what runs stays as it is. */
export function refuseConfig(context: Omit<ReloadContext, 'stores' | 'websub'>, error: unknown, nowMs: number): void {
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
export function configWarning({ loadedMs, refused, waiting }: ConfigState): string | null {
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (refused !== null) {
    const count = refused.problems.length === 1 ? '1 error' : `${refused.problems.length} errors`;
    return `running the config of ${iso(loadedMs)}; that of ${iso(refused.atMs)} was refused with ${count} (see the log, or attache check)`;
  }
  return waiting.length > 0 ? `a restart is needed for ${waiting.join(', ')}` : null;
}
