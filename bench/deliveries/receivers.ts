/**
 * The receiving side of the benchmark, in a thread of its own: one HTTP server whose paths are the endpoints. `/hang/…` never answers. Verifies every
 * signature, and remembers the bytes of every id.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { verifies } from '../../src/delivery/sign.ts';

const { secret } = workerData as { secret: string };
const bytesOf = new Map<string, string>();
const report = { received: 0, repeated: 0, badSignatures: 0, changedBytes: 0, latenciesMs: [] as number[] };

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  if (request.url?.startsWith('/hang')) return;
  response.writeHead(204).end();
  const body = Buffer.concat(chunks).toString();
  const header = (name: string) => String(request.headers[name] ?? '');
  const id = header('webhook-id');
  const signatures = header('webhook-signature');
  if (!verifies(secret, { id, timestamp: header('webhook-timestamp'), body, signatures })) report.badSignatures++;
  report.received++;
  const key = `${request.url} ${id}`;
  const hash = createHash('sha256').update(body).digest('base64');
  const before = bytesOf.get(key);
  if (before !== undefined) report.repeated++;
  if (before !== undefined && before !== hash) report.changedBytes++;
  bytesOf.set(key, hash);
  const queuedMs = /"queuedMs:(\d+)"/.exec(body)?.[1];
  if (queuedMs !== undefined) report.latenciesMs.push(Date.now() - Number(queuedMs));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => parentPort?.postMessage({ port: (server.address() as AddressInfo).port }));
parentPort?.on('message', (message) => {
  if (message === 'report') parentPort?.postMessage({ ...report, distinct: bytesOf.size });
  else process.exit(0);
});
