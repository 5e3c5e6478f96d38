import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { canBeSocket, type ServerAddress } from './redis-conf.ts';

/** The same address at each start, so that clients find a restarted server: the port and password are kept in a file that only this user reads. */
export async function addressFor(folder: string): Promise<ServerAddress> {
  const path = join(folder, 'redis.sock');
  if (canBeSocket(path)) return { kind: 'socket', path };
  const file = join(folder, 'address.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ServerAddress;
  const address: ServerAddress = { kind: 'port', port: await freePort(), password: randomBytes(24).toString('hex') };
  writeFileSync(file, JSON.stringify(address), { mode: 0o600 });
  return address;
}

/** The same, for a server about to start: when another program has taken the port meanwhile, a new one. */
export async function freeAddressFor(folder: string): Promise<ServerAddress> {
  const address = await addressFor(folder);
  if (address.kind === 'socket' || (await isFree(address.port))) return address;
  rmSync(join(folder, 'address.json'));
  return addressFor(folder);
}

async function freePort(): Promise<number> {
  const server = await listen(0);
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('embedded redis: no free loopback port');
  return address.port;
}

async function isFree(port: number): Promise<boolean> {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}
