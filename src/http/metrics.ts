import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the worker counts. Labels are bounded: outcomes are closed codes, watches and subscribers come from the config. */
export interface Metrics {
  readonly registry: Registry;
  /** Polls by outcome: new-articles, no-news, not-modified, error codes. */
  readonly polls: Counter<'outcome'>;
  readonly pollSeconds: Histogram;
  /** Articles judged, by the story's verdict. */
  readonly articles: Counter<'verdict'>;
  readonly stories: Counter;
  readonly matches: Counter<'watch'>;
  readonly alerts: Counter<'type'>;
  readonly deliveries: Counter<'outcome' | 'subscriber'>;
  readonly deliverySeconds: Histogram;
  /** Limits that were hit while reading feeds: what was cut, and why. */
  readonly limits: Counter<'limit'>;
  /** Alerts dropped from the queue `matches`, since nobody consumed them. */
  readonly backlogDropped: Counter;
  readonly jobFailures: Counter<'queue'>;
  /** Queue workers that took no jobs although some waited, and were replaced. */
  readonly workersReplaced: Counter<'queue'>;
  readonly queueJobs: Gauge<'queue' | 'state'>;
  /** Feeds by health: new, ok, warning, broken. */
  readonly feeds: Gauge<'state'>;
  /** Feeds that have a problem: failing, silent, no-items, truncated … */
  readonly feedProblems: Gauge<'problem'>;
  readonly configLoads: Counter<'outcome'>;
  /** 1 while the files are what is in use, 0 since a reload was refused; and when one was last taken. */
  readonly configReloadOk: Gauge;
  readonly configReloadOkSeconds: Gauge;
  /** Settings whose new value waits for a restart. */
  readonly configRestartPending: Gauge<'setting'>;
}

/** Makes a registry of its own, so that several workers can live in one process (the tests do). */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `attache_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `attache_${name}`, help, labelNames, registers });
  const seconds = (name: string, help: string) =>
    new Histogram({
      name: `attache_${name}`,
      help,
      registers,
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    });
  return {
    registry,
    polls: counter('polls_total', 'Polls by outcome', ['outcome']),
    pollSeconds: seconds('poll_seconds', 'Time of one poll, from the request to its articles being queued'),
    articles: counter('articles_total', "Articles judged, by the story's verdict", ['verdict']),
    stories: counter('stories_total', 'Stories begun', []),
    matches: counter('matches_total', 'Articles that satisfied a watch', ['watch']),
    alerts: counter('alerts_total', 'Alerts by type, before any subscriber’s limits', ['type']),
    deliveries: counter('deliveries_total', 'Attempts to deliver, by outcome', ['outcome', 'subscriber']),
    deliverySeconds: seconds('delivery_seconds', 'Time of one attempt to deliver'),
    limits: counter('limits_total', 'Limits hit while reading feeds', ['limit']),
    backlogDropped: counter(
      'matches_dropped_total',
      'Alerts dropped from the queue “matches” for want of a consumer',
      [],
    ),
    jobFailures: counter('job_failures_total', 'Jobs given up after all attempts', ['queue']),
    workersReplaced: counter(
      'queue_workers_replaced_total',
      'Queue workers that took no jobs although some waited, and were replaced',
      ['queue'],
    ),
    queueJobs: gauge('queue_jobs', 'Jobs by queue and state', ['queue', 'state']),
    feeds: gauge('feeds', 'Feeds by health', ['state']),
    feedProblems: gauge('feed_problems', 'Feeds that have a problem, by problem', ['problem']),
    configLoads: counter('config_loads_total', 'Loads of the configuration by outcome', ['outcome']),
    configReloadOk: gauge('config_last_reload_successful', 'Whether the config files are what is in use', []),
    configReloadOkSeconds: gauge(
      'config_last_reload_success_timestamp_seconds',
      'When the configuration in use was loaded',
      [],
    ),
    configRestartPending: gauge('config_restart_pending', 'Settings whose new value waits for a restart', ['setting']),
  };
}
