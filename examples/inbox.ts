/** Prints each alert once. Delivery is at least once: an answer that was lost on its way brings the same alert again, with the same id. */
export interface Inbox {
  take(id: string, alert: unknown): void;
}

/** Remembers the last `remembered` ids; a receiver that is restarted would keep them in its database instead. */
export function createInbox(remembered = 10_000): Inbox {
  const seen = new Set<string>();
  return {
    take(id, alert) {
      if (seen.has(id)) return;
      seen.add(id);
      if (seen.size > remembered) seen.delete(seen.values().next().value ?? '');
      console.log(JSON.stringify(alert));
    },
  };
}
