import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import {
  type DeliverDeps,
  type DeliverResult,
  type DeliveryJob,
  deliverAlert,
  type Endpoint,
} from '../src/delivery/deliver-alert.ts';
import { sendDigest } from '../src/delivery/digests.ts';
import type { EndpointSlots } from '../src/delivery/endpoint-slots.ts';
import { giveUpDelivery } from '../src/delivery/give-up.ts';
import { MAX_ALERT_AGE_MS } from '../src/delivery/retry-plan.ts';
import type { Metrics } from '../src/http/metrics.ts';
import type { DeliverJob } from '../src/queues/payloads.ts';
import type { Logger } from './logger.ts';

export interface DeliverWorkerDeps extends DeliverDeps {
  /** Null for a subscriber that the configuration does not have, or has switched off. */
  readonly endpoint: (subscriberId: string) => Endpoint | null;
  readonly slots: EndpointSlots;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const NO_ENDPOINT_WAIT_MS = 5 * 60_000;

/** Runs one job of the queue `deliver`: a digest is made, or a delivery is taken one step on: done, later (without using up the queue's own attempts) or dead. */
export async function deliver(deps: DeliverWorkerDeps, job: Job<DeliverJob>, token: string): Promise<void> {
  const { data } = job;
  if ('slotMs' in data) {
    const parts = await sendDigest(deps, data);
    deps.log.info({ subscriber: data.subscriberId, parts }, 'digest made');
    return;
  }
  const { subscriberId, alertId } = data;
  const about = { subscriber: subscriberId, alert: alertId };
  const endpoint = deps.endpoint(subscriberId);
  if (endpoint === null) return withoutEndpoint(deps, job, token, about);
  const slot = deps.slots.enter(subscriberId, deps.now());
  if ('untilMs' in slot) return later(job, token, slot.untilMs);
  const startedMs = deps.now();
  let result: DeliverResult;
  try {
    result = await deliverAlert(deps, data, endpoint);
  } catch (error) {
    if (isLastAttempt(job)) await giveUp(deps, data, endpoint, error);
    throw error;
  } finally {
    slot.leave(deps.now() - startedMs);
  }
  count(deps.metrics, subscriberId, result);
  if (result.action === 'done') return deps.log.info({ ...about, reason: result.reason }, 'delivery done');
  if (result.action === 'delay') {
    const until = new Date(result.untilMs).toISOString();
    deps.log.warn({ ...about, reason: result.reason, until }, 'not delivered yet');
    return later(job, token, result.untilMs);
  }
  deps.log.error({ ...about, reason: result.reason, disabled: result.disable }, 'given up: in the dead letter');
  throw new UnrecoverableError(`deliver: ${result.reason}`);
}

/** Whether BullMQ gives the job up when this attempt fails. */
const isLastAttempt = (job: Job): boolean => job.attemptsMade + 1 >= (job.opts.attempts ?? 1);

/** Something around the attempts broke each time, such as the store: said where the operator looks for what was not delivered, before the job ends. */
async function giveUp(deps: DeliverWorkerDeps, data: DeliveryJob, endpoint: Endpoint, cause: unknown): Promise<void> {
  const reason = `not sent for an error of the worker: ${cause instanceof Error ? cause.message : String(cause)}`;
  try {
    await giveUpDelivery(deps, data, endpoint, reason);
  } catch (error) {
    deps.log.error({ subscriber: data.subscriberId, alert: data.alertId, err: error }, 'the dead letter');
  }
}

/** A variable forgotten at a restart must not cost alerts: they wait as long as a retry plan lasts. */
async function withoutEndpoint(
  deps: DeliverWorkerDeps,
  job: Job<DeliverJob>,
  token: string,
  about: object,
): Promise<void> {
  if (deps.now() - job.timestamp < MAX_ALERT_AGE_MS) return later(job, token, deps.now() + NO_ENDPOINT_WAIT_MS);
  const { subscriberId } = job.data;
  deps.metrics.deliveries.inc({ outcome: 'no-endpoint', subscriber: subscriberId });
  deps.log.error(about, 'delivery given up: the subscriber is not in the configuration, or is off');
  throw new UnrecoverableError(`deliver: subscriber ${subscriberId} is not in the configuration, or is off`);
}

async function later(job: Job<DeliverJob>, token: string, untilMs: number): Promise<never> {
  await job.moveToDelayed(untilMs, token);
  throw new DelayedError();
}

function count(metrics: Metrics, subscriber: string, { action, outcome }: DeliverResult): void {
  metrics.deliveries.inc({ outcome: action === 'delay' ? 'retry' : action, subscriber });
  if (outcome !== null) metrics.deliverySeconds.observe(outcome.tookMs / 1000);
}
