import type { AttacheSettings } from './attache-schema.ts';

/**
 * The settings of attache.yaml that a running worker takes over at a reload: limits that are looked up each time. All others are its frame (connections, addresses, stores,
 * numbers of workers), which counts from the next start.
 */
export const LIVE_SETTINGS = [
  'log.level',
  'poll.firstAlertMaxAge',
  'poll.maxBytes',
  'poll.maxInterval',
  'poll.maxItems',
  'poll.minInterval',
  'poll.timeout',
  'queue.maxBacklog',
] as const;

export interface SettingsReload {
  /** What is in force from now on. */
  readonly settings: AttacheSettings;
  /** Keys that took effect, such as `log.level`. */
  readonly taken: readonly string[];
  /** Keys whose new value waits for the next start. */
  readonly waiting: readonly string[];
}

/** What a reload makes of the settings that are in force and of those that the file has now. */
export function reloadSettings(running: AttacheSettings, loaded: AttacheSettings): SettingsReload {
  const settings: Record<string, Record<string, unknown>> = {};
  const taken: string[] = [];
  const waiting: string[] = [];
  for (const [group, values] of Object.entries(running)) {
    settings[group] = {};
    for (const [key, before] of Object.entries(values)) {
      const name = `${group}.${key}`;
      const after: unknown = Reflect.get(Reflect.get(loaded, group), key);
      const isLive = (LIVE_SETTINGS as readonly string[]).includes(name);
      settings[group][key] = isLive ? after : before;
      if (JSON.stringify(after) !== JSON.stringify(before)) (isLive ? taken : waiting).push(name);
    }
  }
  // Made of the keys of `running`, each with a value of its own type.
  return { settings: settings as unknown as AttacheSettings, taken, waiting };
}
