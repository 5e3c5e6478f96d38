import { type FSWatcher, watch } from 'node:fs';

const SETTLE_MS = 300;

/**
 * Calls `onChange` some time after the last of a burst of changes below `dir` (editors write a file in several steps). Where the system cannot watch, `onError`
 * is told once, and SIGHUP remains.
 */
export function watchConfig(dir: string, onChange: () => void, onError: (error: Error) => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dir, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    });
    watcher.on('error', onError);
  } catch (error) {
    onError(error as Error);
  }
  return {
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
