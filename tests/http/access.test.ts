import { expect, test } from 'vitest';
import { refuse } from '../../src/http/access.ts';

const ask = (question: Partial<Parameters<typeof refuse>[0]>) =>
  refuse({ access: 'page', host: '127.0.0.1', token: '', headers: { host: '127.0.0.1:8080' }, ...question });
const basic = (password: string) => `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;

test('a browser gives the token as the password of Basic, a program as a bearer token', () => {
  const token = 'open:sesame';
  expect(ask({ token, headers: { authorization: basic(token) } })).toBeNull();
  expect(ask({ token, headers: { authorization: `Bearer ${token}` } })).toBeNull();
  expect(ask({ token, access: 'token', headers: { authorization: `Bearer ${token}` } })).toBeNull();
  for (const authorization of [undefined, '', 'Bearer', 'Bearer open', basic('open'), basic(''), token]) {
    expect(ask({ token, headers: { authorization } })?.status, String(authorization)).toBe(401);
  }
  expect(ask({ token, headers: {} })?.headers).toMatchObject({ 'www-authenticate': expect.stringMatching(/^Basic /) });
});

test('without a token loopback alone is answered, and not to a page of the world whose name leads there', () => {
  for (const host of ['localhost', 'localhost:8080', '127.0.0.1:8080', '127.1.2.3', '[::1]:8080']) {
    expect(ask({ headers: { host } }), host).toBeNull();
  }
  for (const host of ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example', '']) {
    expect(ask({ headers: { host } })?.status, host).toBe(403);
  }
  expect(ask({ host: '0.0.0.0' })?.status).toBe(403);
});

test('where the world is led to loopback, nothing opens without a token, whatever name it comes under', () => {
  expect(ask({ publicUrl: 'https://news.example.org' })?.status).toBe(403);
  const headers = { host: '127.0.0.1:8080', authorization: basic('sesame') };
  expect(ask({ publicUrl: 'https://news.example.org', token: 'sesame', headers })).toBeNull();
});
