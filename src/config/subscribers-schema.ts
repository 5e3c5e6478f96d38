import { z } from 'zod';
import { CHANGE_KINDS } from '../alerts/lifecycle.ts';
import { FORMATS } from '../delivery/formats/render-alert.ts';
import { parseSecret, SecretError } from '../delivery/sign.ts';
import { duration, slug, webUrl, wholeNumber } from './scalars.ts';

const SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;
const SECRET_ERROR = 'expected whsec_ and 24 to 64 random bytes in base64: whsec_$(openssl rand -base64 32)';
const secret = z.string().regex(SECRET, { error: SECRET_ERROR, abort: true }).refine(canSign, { error: SECRET_ERROR });

const timeOfDay = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day such as "22:00"' });

const quietHours = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  timeZone: z
    .string()
    .refine(isTimeZone, { error: 'expected an IANA time zone such as "Europe/Warsaw"' })
    .default('UTC'),
});

const subscriber = z.strictObject({
  id: slug,
  url: z.union([z.literal(''), webUrl], { error: 'expected an http or https URL, or nothing to switch it off' }),
  secret: z
    .union([z.literal(''), secret, z.array(secret).min(1).max(4)], { error: SECRET_ERROR })
    .default('')
    .describe('Signs each webhook; a list while a secret is rotated, the newest first.'),
  format: z.enum(FORMATS).default('standard'),
  only: z
    .array(z.enum(['story.matched', 'story.updated', 'digest', 'notice']))
    .optional()
    .describe('The types it wants; all where it is missing.'),
  changes: z.array(z.enum(CHANGE_KINDS)).optional().describe('The changes that make a story.updated worth telling.'),
  maxUpdatesPerHour: wholeNumber(1, 10_000).optional().describe('Updates over it come together at the next full hour.'),
  quietHours: quietHours.optional().describe('What happens in them comes as a digest after them.'),
  every: duration('5m', '7d')
    .optional()
    .describe('Everything in digests this far apart, counted from midnight UTC, instead of at once.'),
  fallback: slug.optional().describe('The subscriber that hears when this endpoint is paused or gone.'),
});

/** subscribers.yaml */
export const subscribersSchema = z.strictObject({
  subscribers: z
    .array(subscriber)
    .default([])
    .superRefine((list, context) => {
      for (const [i, one] of list.entries()) {
        if (one.url !== '' && one.format === 'standard' && one.secret.length === 0) {
          const message = 'a webhook of format "standard" needs a secret';
          context.addIssue({ code: 'custom', path: [i, 'secret'], message });
        }
      }
    }),
});

export type SubscriberSettings = z.output<typeof subscriber>;

/** The form alone lets through what is not base64 to its last letter, and would only be found at the start. */
function canSign(text: string): boolean {
  try {
    parseSecret(text);
    return true;
  } catch (error) {
    if (error instanceof SecretError) return false;
    throw error;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
