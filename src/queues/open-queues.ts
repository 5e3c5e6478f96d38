import { Queue } from 'bullmq';
import type { StoryAlert } from '../alerts/alert-schema.ts';
import type { DeliverJob, PollJob, TriageJob } from './payloads.ts';
import { QUEUES, queueOptions, queuePrefix } from './queues.ts';
import type { RedisConnection } from './redis-connection.ts';

/** The adding side of every queue. */
export interface Queues {
  readonly schedule: Queue;
  readonly poll: Queue<PollJob>;
  readonly triage: Queue<TriageJob>;
  readonly matches: Queue<StoryAlert>;
  readonly deliver: Queue<DeliverJob>;
  close(): Promise<void>;
}

export function openQueues(connection: RedisConnection, installation: string, onError: (error: Error) => void): Queues {
  const prefix = queuePrefix(installation);
  const [schedule, poll, triage, matches, deliver] = QUEUES.map((name) => {
    const queue = new Queue(name, queueOptions(name, { connection, prefix }));
    queue.on('error', onError);
    return queue;
  }) as [Queue, Queue, Queue, Queue, Queue];
  return {
    schedule,
    poll,
    triage,
    matches,
    deliver,
    async close() {
      await Promise.all([schedule, poll, triage, matches, deliver].map((queue) => queue.close()));
    },
  };
}
