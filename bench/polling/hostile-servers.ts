/**
 * Servers that mean harm, in a process of their own: started by hostile.ts, to whom it tells their addresses.
 */
import type { Socket } from 'node:net';
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { startHttp, startTcp } from '../../tests/net/misbehaving-server.ts';

const MiB = 1024 * 1024;
const zeros = Buffer.alloc(1024 * MiB);
const gzip = gzipSync(zeros, { level: 9 });
const bombs: Record<string, [string, Buffer]> = {
  'gzip bomb, 1 GiB': ['gzip', gzip],
  'gzip in gzip': ['gzip, gzip', gzipSync(gzip)],
  'gzip in gzip in br': ['gzip, gzip, br', brotliCompressSync(gzipSync(gzip))],
  'br bomb, 1 GiB': [
    'br',
    brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_LGWIN]: 24 } }),
  ],
  'zstd bomb, 1 GiB': ['zstd', zstdCompressSync(zeros, { params: { [constants.ZSTD_c_windowLog]: 27 } })],
};
const every =
  (ms: number, text: string, head = '') =>
  (socket: Socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(text), ms);
    socket.on('close', () => clearInterval(timer));
  };
const flood = (head: string, text: string) => (socket: Socket) => {
  socket.on('error', () => {});
  const more = (): void => {
    if (!socket.destroyed) socket.write(text, () => setImmediate(more));
  };
  socket.write(head, more);
};
const ok = 'HTTP/1.1 200 OK\r\n';
const raw: Record<string, (socket: Socket) => void> = {
  silence: () => {},
  'a byte a second': every(1_000, 'x', `${ok}content-length: 1000000\r\n\r\n`),
  'a header byte a second': every(1_000, 'x', ok),
  'endless headers': flood(ok, `x-y: ${'z'.repeat(8_000)}\r\n`),
  'endless body': flood(`${ok}\r\n`, 'x'.repeat(65_536)),
  'endless chunks of one byte': flood(`${ok}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'.repeat(1_000)),
  'endless interim answers': flood('', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
};

const friendly = await startHttp((_request, response) => response.end('<rss/>'));
const packed = await startHttp((request, response) => {
  const [encoding, body] = bombs[decodeURIComponent(request.url!.slice(1))]!;
  response.writeHead(200, { 'content-encoding': encoding }).end(body);
}, '127.0.0.2');
const loop = await startHttp(
  (request, response) => response.writeHead(302, { location: `${request.url}x` }).end(),
  '127.0.0.3',
);
const sockets = await Promise.all(
  Object.entries(raw).map(async ([name, act]) => [name, await startTcp(act, '127.0.0.4')] as const),
);
process.send?.({
  friendly: friendly.url,
  hostile: [
    ...Object.keys(bombs).map((name) => [name, `${packed.url}/${encodeURIComponent(name)}`]),
    ...sockets.map(([name, server]) => [name, server.url]),
    ['redirect loop', `${loop.url}/`],
  ],
});
