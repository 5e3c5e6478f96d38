import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signing by Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md), symmetric scheme `v1`. */

const PREFIX = 'whsec_';
/** The specification asks for secrets of 24 to 64 bytes. */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

export class SecretError extends Error {
  readonly code = 'bad-secret';
  override readonly name = 'SecretError';
}

/** Signs for one subscriber; the secrets themselves are not readable from it. */
export interface Signer {
  /** The three headers of one attempt. `atMs` is the time of the attempt, not of the alert. */
  headers(message: { readonly id: string; readonly body: string; readonly atMs: number }): Record<string, string>;
}

/**
 * A signer for a subscriber's secrets, the current one first. While a secret is rotated both sign, and a receiver that knows either verifies.
 * Throws SecretError for a secret that is not `whsec_` and 24 to 64 bytes in base64; the message does not hold it.
 */
export function createSigner(secrets: readonly string[]): Signer {
  if (secrets.length === 0) throw new SecretError('sign: a subscriber needs at least one secret (whsec_…)');
  const keys = secrets.map(parseSecret);
  return {
    headers({ id, body, atMs }) {
      const timestamp = String(Math.floor(atMs / 1000));
      return {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': keys.map((key) => `v1,${signature(key, id, timestamp, body)}`).join(' '),
      };
    },
  };
}

/** The bytes of a `whsec_…` secret. Throws SecretError. */
export function parseSecret(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw new SecretError(`sign: a secret begins with ${PREFIX}`);
  const encoded = secret.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64');
  // Buffer.from skips what is no base64: a mistyped secret would sign with a shorter key instead of being refused.
  if (key.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
    throw new SecretError(`sign: after ${PREFIX} a secret is base64`);
  }
  if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw new SecretError(`sign: a secret has ${MIN_BYTES} to ${MAX_BYTES} bytes, this one ${key.length}`);
  }
  return key;
}

/** Whether a message verifies with a secret: what a receiver does, for tests of an endpoint and for the examples. */
export function verifies(
  secret: string,
  message: { readonly id: string; readonly timestamp: string; readonly body: string; readonly signatures: string },
): boolean {
  const expected = Buffer.from(signature(parseSecret(secret), message.id, message.timestamp, message.body));
  return message.signatures.split(' ').some((given) => {
    const [version, value = ''] = given.split(',', 2);
    const bytes = Buffer.from(value);
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

function signature(key: Buffer, id: string, timestamp: string, body: string): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}
