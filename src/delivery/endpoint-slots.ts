/** How many attempts an endpoint may have under way in this process, so that a slow one never holds up the others. */

export interface EndpointSlots {
  /** A place to make an attempt in, to be given back when it is over; or when to come back. */
  enter(
    subscriberId: string,
    nowMs: number,
  ): { readonly leave: (tookMs: number) => void } | { readonly untilMs: number };
}

export interface SlotPolicy {
  /** Attempts at once. */
  readonly slots: number;
  /** Attempts at once for an endpoint that takes longer than `slowMs` on average. */
  readonly slowSlots: number;
  readonly slowMs: number;
}

const SLOT_POLICY: SlotPolicy = { slots: 16, slowSlots: 2, slowMs: 2_000 };

/** Weight of the newest attempt in the average time: about the last five count. */
const WEIGHT = 0.3;
/** A first guess at how long an attempt takes, before any has been made. */
const GUESS_MS = 200;
const MIN_WAIT_MS = 50;
const MAX_WAIT_MS = 10 * 60_000;

interface Load {
  underWay: number;
  averageMs: number;
  /** When the last delivery that was sent away comes back: the next one comes after it. */
  lastUntilMs: number;
}

/**
 * Deliveries beyond an endpoint's places are sent away to come back one after the other, as fast as the endpoint has been answering; asking
 * again every half second would make a thousand waiting deliveries of one hanging endpoint the whole work of the process.
 */
export function createEndpointSlots(policy: SlotPolicy = SLOT_POLICY): EndpointSlots {
  // One small entry for each subscriber of the configuration.
  const loads = new Map<string, Load>();
  return {
    enter(subscriberId, nowMs) {
      const load = loads.get(subscriberId) ?? { underWay: 0, averageMs: GUESS_MS, lastUntilMs: 0 };
      loads.set(subscriberId, load);
      const places = load.averageMs > policy.slowMs ? policy.slowSlots : policy.slots;
      if (load.underWay >= places) {
        const apartMs = load.averageMs / places;
        const untilMs = Math.max(nowMs + Math.max(MIN_WAIT_MS, apartMs), load.lastUntilMs + apartMs);
        load.lastUntilMs = Math.min(untilMs, nowMs + MAX_WAIT_MS);
        return { untilMs: Math.ceil(load.lastUntilMs) };
      }
      load.underWay++;
      return {
        leave(tookMs) {
          load.underWay--;
          load.averageMs += (tookMs - load.averageMs) * WEIGHT;
        },
      };
    },
  };
}
