import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock that this process holds on a file, until it releases it or ends, however it ends. */
export interface FileLock {
  release(): void;
}

const SQLITE_BUSY = 5; // sqlite.org/rescode.html
const LOOK_AGAIN_MS = 25;

/**
 * Locks the file at `path` (created when missing, always empty), or returns null when somebody holds it, in this process or another.
 *
 * Node has no flock of its own, but its SQLite has: an exclusive transaction is a lock of the operating system, which ends with its process.
 * A file with a process id in it would outlive a kill -9, and could name somebody else's process after a restart of the machine.
 */
export function tryFileLock(path: string): FileLock | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => database.close() };
}

/** Waits for the lock on `path`; its holders hold it for seconds at most. */
export async function fileLock(path: string): Promise<FileLock> {
  for (;;) {
    const lock = tryFileLock(path);
    if (lock !== null) return lock;
    await sleep(LOOK_AGAIN_MS);
  }
}
