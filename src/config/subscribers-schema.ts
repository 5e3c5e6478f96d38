import { z } from 'zod';
import { slug, webUrl } from './scalars.ts';

const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;
const secret = z.string().regex(SECRET, {
  error: 'expected whsec_ and 24 to 64 random bytes in base64 (openssl rand -base64 32)',
});

const subscriber = z.strictObject({
  id: slug,
  url: z.union([z.literal(''), webUrl], { error: 'expected an http or https URL, or nothing to switch it off' }),
  secret: z
    .union([z.literal(''), secret, z.array(secret).min(1).max(4)], {
      error: 'expected whsec_ and 24 to 64 random bytes in base64 (openssl rand -base64 32)',
    })
    .default('')
    .describe('Signs each webhook; a list while a secret is rotated, the newest first.'),
  format: z.enum(['standard', 'slack', 'discord', 'teams']).default('standard'),
  only: z
    .array(z.enum(['story.matched', 'story.updated', 'digest', 'notice']))
    .optional()
    .describe('The types it wants; all where it is missing.'),
});

/** subscribers.yaml */
export const subscribersSchema = z.strictObject({
  subscribers: z
    .array(subscriber)
    .default([])
    .superRefine((list, context) => {
      for (const [i, one] of list.entries()) {
        if (one.url !== '' && one.format === 'standard' && one.secret.length === 0) {
          context.addIssue({
            code: 'custom',
            path: [i, 'secret'],
            message: 'a webhook of format "standard" needs a secret',
          });
        }
      }
    }),
});

export type SubscriberSettings = z.output<typeof subscriber>;
