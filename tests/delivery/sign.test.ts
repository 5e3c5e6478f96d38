import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createSigner, parseSecret, verifies } from '../../src/delivery/sign.ts';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const message = { id: 'alert_1', body: '{"headline":"国防部长 in Minsk – 😀"}', atMs: Date.now() };

describe('signatures', () => {
  it('verify with the reference package, with every secret of a rotation and with no other', () => {
    const [current, old, stranger] = [newSecret(), newSecret(), newSecret()];
    const headers = createSigner([current, old]).headers(message);
    for (const secret of [current, old]) {
      expect(new Webhook(secret).verify(message.body, headers)).toEqual(JSON.parse(message.body));
    }
    expect(() => new Webhook(stranger).verify(message.body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(current).verify(`${message.body} `, headers)).toThrow('No matching signature');
  });

  it('are those of the specification', () => {
    const headers = createSigner(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']).headers({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      atMs: 1_614_265_330_000,
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('carry the time of the attempt, the newest secret first', () => {
    const [a, b] = [newSecret(), newSecret()];
    const later = createSigner([a, b]).headers({ ...message, atMs: message.atMs + 60_000 });
    expect(Number(later['webhook-timestamp'])).toBe(Math.floor(message.atMs / 1000) + 60);
    expect(later['webhook-signature']!.split(' ')[0]).toBe(
      createSigner([a]).headers({ ...message, atMs: message.atMs + 60_000 })['webhook-signature'],
    );
  });

  it('can be checked by a receiver with the project’s own function', () => {
    const secret = newSecret();
    const headers = createSigner([newSecret(), secret]).headers(message);
    const given = {
      id: headers['webhook-id']!,
      timestamp: headers['webhook-timestamp']!,
      signatures: headers['webhook-signature']!,
      body: message.body,
    };
    expect(verifies(secret, given)).toBe(true);
    expect(verifies(newSecret(), given)).toBe(false);
    expect(verifies(secret, { ...given, id: 'other' })).toBe(false);
  });

  it.each([
    '',
    'secret',
    'whsec_',
    'whsec_c2hvcnQ=',
    'whsec_not base64 at all, not at all!!',
    `whsec_${'A'.repeat(120)}`,
  ])('are refused with a bad secret, which the error does not show: %j', (secret) => {
    expect(() => parseSecret(secret)).toThrow(expect.objectContaining({ code: 'bad-secret' }));
    if (secret.length > 6) expect(() => parseSecret(secret)).not.toThrow(secret.slice(6));
  });
});
