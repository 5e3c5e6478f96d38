export interface RequestTime {
  /** The request now waits for a place of ours: its own time stands still. */
  pause(): void;
  /** It has its place. Nothing happens where it did not wait. */
  resume(): void;
  /** True once it has had to wait. */
  readonly hasWaited: boolean;
  /** Ends both clocks. */
  stop(): void;
}

/**
 * The two clocks of a request. The server answers for `timeMs`; for the time in which it is we who do not read on it
 * does not, but that has a bound as well, `waitMs` in all, so that a request always ends.
 *
 * @param on called once at the most, when the one or the other time is over.
 */
export function startRequestTime(
  { timeMs, waitMs }: { readonly timeMs: number; readonly waitMs: number },
  on: { readonly timeOver: () => void; readonly waitOver: () => void },
): RequestTime {
  const left = { own: timeMs, wait: waitMs };
  let running: keyof typeof left = 'own';
  let hasWaited = false;
  let since = performance.now();
  let timer = setTimeout(on.timeOver, timeMs);
  let isStopped = false;

  const switchTo = (next: keyof typeof left): void => {
    if (isStopped || running === next) return;
    const now = performance.now();
    left[running] -= now - since;
    running = next;
    since = now;
    clearTimeout(timer);
    timer = setTimeout(next === 'own' ? on.timeOver : on.waitOver, Math.max(left[next], 0));
  };

  return {
    pause() {
      hasWaited = true;
      switchTo('wait');
    },
    resume: () => switchTo('own'),
    get hasWaited() {
      return hasWaited;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
