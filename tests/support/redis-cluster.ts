import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { Cluster } from 'ioredis';
import { startRedis, type TestRedis } from './redis-server.ts';
import { until } from './until.ts';

/** Six redis-server processes on loopback, three masters with a replica each. */
export interface TestCluster {
  /** Comma-separated addresses, as REDIS_URL takes them. */
  readonly url: string;
  readonly nodes: readonly TestRedis[];
  /** The node that is master for a key now. */
  masterOf(key: string): Promise<TestRedis>;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<TestCluster> {
  const ports = await freePorts(12);
  const nodes = await Promise.all(
    ports.slice(0, 6).map((port, index) =>
      startRedis({
        port,
        appendonly: true,
        args: [
          ...['--appendfsync', 'everysec', '--cluster-enabled', 'yes', '--cluster-port', String(ports[6 + index]!)],
          ...['--cluster-node-timeout', '2000', '--cluster-config-file', 'nodes.conf'],
        ],
      }),
    ),
  );
  const addresses = ports.slice(0, 6).map((port) => `127.0.0.1:${port}`);
  const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'];
  await promisify(execFile)('redis-cli', args);
  const clients = nodes.map((node) => node.client());
  await until('every node knows the whole cluster', async () => {
    const infos = await Promise.all(clients.map((client) => client.call('CLUSTER', 'INFO')));
    const replicas = await Promise.all(clients.map((client) => client.info('replication')));
    const linked = replicas.filter((info) => /role:slave/.test(info) && /master_link_status:up/.test(info)).length;
    return linked === 3 && infos.every((info) => String(info).includes('cluster_state:ok'));
  });
  const url = addresses.map((address) => `redis://${address}`).join(',');
  return {
    url,
    nodes,
    async masterOf(key) {
      const cluster = new Cluster(addresses.map((address) => `redis://${address}`));
      try {
        const slot = await cluster.cluster('KEYSLOT', key);
        const slots = (await cluster.cluster('SLOTS')) as unknown as [number, number, [string, number]][];
        const port = slots.find(([from, to]) => from <= Number(slot) && Number(slot) <= to)?.[2][1];
        return nodes[ports.indexOf(port ?? 0)]!;
      } finally {
        cluster.disconnect();
      }
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** Free at the moment of asking, all at once so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
