import { brotliDecompress, constants, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { HttpError } from './http-error.ts';

/** What the client asks for; every one is decoded here, with a bound on what comes out. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** More layers than this is no server's honest doing. */
const MAX_CODINGS = 3;
const CHUNK = 64 * 1024;
/** RFC 9659: a window over 8 MiB must not be used for the zstd content coding. */
const ZSTD_WINDOW_LOG_MAX = 23;

type Decoder = (bytes: Uint8Array, maxBytes: number) => Promise<Uint8Array>;
type Callback = (error: Error | null, result: Uint8Array) => void;

function promised(run: (callback: Callback) => void): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    run((error, result) => (error ? reject(error) : resolve(result)));
  });
}

// A truncated tail is let through, as browsers do: the parser reads what there is, and the length was checked before.
const lenient = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK };

const gzipDecoder: Decoder = (bytes, maxOutputLength) =>
  promised((done) => gunzip(bytes, { ...lenient, maxOutputLength }, done));

// "deflate" is zlib's format (RFC 9110, 8.4.1.2), but some servers send raw deflate; the first two bytes tell.
const deflateDecoder: Decoder = (bytes, maxOutputLength) => {
  const isZlib = bytes.length > 1 && (bytes[0]! & 0x0f) === 8 && ((bytes[0]! << 8) | bytes[1]!) % 31 === 0;
  return promised((done) => (isZlib ? inflate : inflateRaw)(bytes, { ...lenient, maxOutputLength }, done));
};

const brotliDecoder: Decoder = (bytes, maxOutputLength) =>
  promised((done) => brotliDecompress(bytes, { maxOutputLength, chunkSize: CHUNK }, done));

const zstdDecoder: Decoder = (bytes, maxOutputLength) => {
  const params = { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX };
  return promised((done) => zstdDecompress(bytes, { maxOutputLength, chunkSize: CHUNK, params }, done));
};

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gzipDecoder,
  'x-gzip': gzipDecoder,
  deflate: deflateDecoder,
  br: brotliDecoder,
  zstd: zstdDecoder,
};

const isGzip = (bytes: Uint8Array) => bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** True for a body that stands as it was sent. */
export function isPlain(bytes: Uint8Array, contentEncoding: string | undefined): boolean {
  return bytes.length === 0 || (!isGzip(bytes) && /^\s*(?:identity\s*)?$/i.test(contentEncoding ?? ''));
}

/**
 * Undoes the content codings of a body (RFC 9110, 8.4), each layer bounded, off the event loop.
 *
 * A body that says gzip but is not compressed is taken as it is, and a gzipped file served without saying so is
 * unpacked: both are common and unambiguous.
 *
 * @param contentEncoding the header's value; codings in the order in which they were applied.
 * @param maxBytes the most that any layer may grow to.
 * @throws HttpError `too-large` when a layer grows over the bound, `bad-encoding` when it is unknown or broken.
 */
export async function decodeBody(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS)
    throw new HttpError('bad-encoding', `${codings.length} content codings on top of each other`);
  let decoded = bytes;
  for (const coding of codings.toReversed()) {
    const decoder = DECODERS[coding];
    if (!decoder) throw new HttpError('bad-encoding', `content coding ${coding.slice(0, 40)} was not asked for`);
    if (decoded.length === 0) break;
    if (coding.endsWith('gzip') && !isGzip(decoded)) continue;
    decoded = await decodeLayer(decoder, decoded, coding, maxBytes);
  }
  // A gzipped file, served as it is or, by a server that packs whatever it serves, packed once more.
  if (isGzip(decoded)) decoded = await decodeLayer(gzipDecoder, decoded, 'gzip', maxBytes);
  return decoded;
}

async function decodeLayer(decoder: Decoder, bytes: Uint8Array, coding: string, maxBytes: number): Promise<Uint8Array> {
  try {
    return await decoder(bytes, maxBytes);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw new HttpError('too-large', `body grows over ${maxBytes} bytes when ${coding} is undone`, { cause });
    throw new HttpError('bad-encoding', `${coding} body cannot be read`, { cause });
  }
}
