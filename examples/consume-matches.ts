/**
 * Consumes the queue `matches` as another service would, and prints each alert as a JSON line:
 * `REDIS_URL=redis://127.0.0.1:6379 node examples/consume-matches.ts`. Several processes share the work; one alert goes to one of them.
 * It needs nothing of Attaché but BullMQ: any service can do the same.
 */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const { REDIS_URL = 'redis://127.0.0.1:6379', ATTACHE_PREFIX = '{attache}' } = process.env;
const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });

const worker = new Worker<{ type: string; data: { alertId: string } }>(
  'matches',
  async (job) => {
    // A throw puts the job into `failed`; a crash brings it again, to this process or another. `data.alertId` tells a repetition.
    console.log(JSON.stringify(job.data));
  },
  { connection, prefix: ATTACHE_PREFIX, concurrency: 10 },
);
worker.on('error', (error) => console.error(`matches: ${error.message}`));
worker.on('ready', () => console.error('waiting for alerts'));

process.once('SIGTERM', async () => {
  // Jobs under way are finished first.
  await worker.close();
  connection.disconnect();
});
