import type { Alert } from '../alerts/alert-schema.ts';
import type { DeliveryKey } from './delivery-store.ts';

/** What a job of the queue `deliver` says. */
export interface DeliveryJob extends DeliveryKey {
  /** 0 at first; higher where the alert was asked for again. A job of an older round has nothing left to do. */
  readonly round: number;
  /** The alert, until its body is frozen; a replay needs none. */
  readonly alert?: Alert;
  /** Every watch of the alert is over its daily budget: it waits for a digest. */
  readonly overBudget?: boolean;
}

/** A digest to be made at a moment, ms since the epoch. */
export interface DigestJob {
  readonly subscriberId: string;
  readonly slotMs: number;
}

/** Where deliveries wait for their attempt, and digests for their moment. */
export interface DeliveryQueue {
  /** Adding the same alert, subscriber and round twice adds one. */
  add(job: DeliveryJob): Promise<void>;
  /** Comes back at `slotMs`, to `sendDigest`. Adding the same subscriber and slot twice adds one. */
  addDigest(digest: DigestJob): Promise<void>;
}
