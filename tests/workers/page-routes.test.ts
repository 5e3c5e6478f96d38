import { afterEach, expect, test, vi } from 'vitest';
import type { Request } from '../../src/http/http-server.ts';
import type { Context } from '../../workers/context.ts';
import { pageRoutes } from '../../workers/pages/page-routes.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('while Redis does not answer a page says so within seconds', async () => {
  vi.useFakeTimers();
  const recent = { stories: () => new Promise(() => {}) };
  const context = { stores: { recent }, storeNow: Date.now } as unknown as Context;
  const route = pageRoutes(context).find(({ path }) => path === '/stories')!;
  const request = { url: new URL('http://localhost/stories'), params: {} } as Request;
  const answer = Promise.resolve(route.handle(request));
  await vi.advanceTimersByTimeAsync(6000);
  await expect(answer).resolves.toMatchObject({ status: 503, body: expect.stringContaining('Redis does not answer') });
});
