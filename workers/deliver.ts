import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { type DeliverDeps, type DeliverResult, deliverAlert, type Endpoint } from '../src/delivery/deliver-alert.ts';
import { MAX_ALERT_AGE_MS } from '../src/delivery/retry-plan.ts';
import type { Metrics } from '../src/http/metrics.ts';
import type { DeliverJob } from '../src/queues/payloads.ts';
import type { Logger } from './logger.ts';

export interface DeliverWorkerDeps extends DeliverDeps {
  /** Null for a subscriber that the configuration does not have, or has switched off. */
  readonly endpoint: (subscriberId: string) => Endpoint | null;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** A hanging endpoint holds at most this many of the process's deliveries; its others wait without holding any. */
const MAX_AT_ONCE_PER_ENDPOINT = 4;
const BUSY_WAIT_MS = 500;
const NO_ENDPOINT_WAIT_MS = 5 * 60_000;

/** Makes the processor of the queue `deliver`: one attempt at one delivery, then done, later (without using up the queue's own attempts) or dead. */
export function createDeliverProcessor(
  deps: DeliverWorkerDeps,
): (job: Job<DeliverJob>, token: string) => Promise<void> {
  const underWay = new Map<string, number>();
  return async (job, token) => {
    const { subscriberId, alertId } = job.data;
    const about = { subscriber: subscriberId, alert: alertId };
    const endpoint = deps.endpoint(subscriberId);
    if (endpoint === null) {
      // A variable forgotten at a restart must not cost alerts: they wait as long as a retry plan lasts.
      if (deps.now() - job.timestamp < MAX_ALERT_AGE_MS) return later(job, token, deps.now() + NO_ENDPOINT_WAIT_MS);
      deps.metrics.deliveries.inc({ outcome: 'no-endpoint', subscriber: subscriberId });
      deps.log.error(about, 'delivery given up: the subscriber is not in the configuration, or is off');
      throw new UnrecoverableError(`deliver: subscriber ${subscriberId} is not in the configuration, or is off`);
    }
    const busy = underWay.get(subscriberId) ?? 0;
    if (busy >= MAX_AT_ONCE_PER_ENDPOINT) return later(job, token, deps.now() + BUSY_WAIT_MS * (1 + deps.random()));
    underWay.set(subscriberId, busy + 1);
    let result: DeliverResult;
    try {
      result = await deliverAlert(deps, job.data, endpoint);
    } finally {
      const left = (underWay.get(subscriberId) ?? 1) - 1;
      if (left > 0) underWay.set(subscriberId, left);
      else underWay.delete(subscriberId);
    }
    count(deps.metrics, subscriberId, result);
    if (result.action === 'done') {
      deps.log.info({ ...about, reason: result.reason }, 'delivered');
      return;
    }
    if (result.action === 'delay') {
      deps.log.warn(
        { ...about, reason: result.reason, until: new Date(result.untilMs).toISOString() },
        'not delivered yet',
      );
      return later(job, token, result.untilMs);
    }
    deps.log.error(
      { ...about, reason: result.reason, disabled: result.disable },
      'delivery given up: it is in the dead letter',
    );
    throw new UnrecoverableError(`deliver: ${result.reason}`);
  };
}

async function later(job: Job<DeliverJob>, token: string, untilMs: number): Promise<never> {
  await job.moveToDelayed(untilMs, token);
  throw new DelayedError();
}

function count(metrics: Metrics, subscriber: string, { action, outcome }: DeliverResult): void {
  metrics.deliveries.inc({ outcome: action === 'delay' ? 'retry' : action, subscriber });
  if (outcome !== null) metrics.deliverySeconds.observe(outcome.tookMs / 1000);
}
