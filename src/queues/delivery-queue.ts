import type { Queue } from 'bullmq';
import type { DeliveryJob, DeliveryQueue } from '../delivery/delivery-job.ts';
import { jobId } from './job-id.ts';
import { type DeliverJob, PAYLOAD_VERSION } from './payloads.ts';

/** Names of the jobs on `deliver` that are no alert's own. */
const DIGEST_JOB = 'make-digest';

/** The queue `deliver`, as src/delivery sees it. Job ids derive from what is delivered: adding the same twice adds one. */
export function deliveryQueue(
  queue: Queue<DeliverJob>,
): DeliveryQueue & { addAll(jobs: readonly DeliveryJob[]): Promise<void> } {
  const entry = (job: DeliveryJob) => ({
    name: job.alert?.type ?? 'replay',
    data: { v: PAYLOAD_VERSION, ...job } as const,
    opts: { jobId: deliveryJobId(job.subscriberId, job.alertId, job.round) },
  });
  return {
    async add(job) {
      const { name, data, opts } = entry(job);
      await queue.add(name, data, opts);
    },
    async addAll(jobs) {
      if (jobs.length > 0) await queue.addBulk(jobs.map(entry));
    },
    async addDigest(digest) {
      const { subscriberId, slotMs } = digest;
      await queue.add(
        DIGEST_JOB,
        { v: PAYLOAD_VERSION, ...digest },
        { jobId: jobId('digest', subscriberId, String(slotMs)), delay: Math.max(0, slotMs - Date.now()) },
      );
    },
  };
}

/** A delivery asked for again is a new round, and a job of its own. */
function deliveryJobId(subscriberId: string, alertId: string, round: number): string {
  return jobId('deliver', subscriberId, alertId, String(round));
}
