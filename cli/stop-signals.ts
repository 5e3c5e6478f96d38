/** A signal within this time of the first is the same one, come by two ways: a supervisor signals a whole process group, and npm passes it on too. */
const SAME_WITHIN_MS = 1000;

/** Resolves at the first of these signals. A later second one ends the process at once: somebody is in a hurry. */
export function stopSignal(...signals: NodeJS.Signals[]): Promise<{ readonly signal: string }> {
  return new Promise((resolve) => {
    let askedMs: number | null = null;
    for (const signal of signals) {
      process.on(signal, () => {
        const nowMs = performance.now();
        if (askedMs !== null && nowMs - askedMs > SAME_WITHIN_MS) process.exit(130);
        askedMs ??= nowMs;
        resolve({ signal });
      });
    }
  });
}
