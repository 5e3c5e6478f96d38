import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 2_000;
const STALE_AFTER_MS = 15_000;
const LOOK_AGAIN_MS = 200;

/**
 * Runs `act` while no other process on this checkout is in here. The lock is a file with the holder's process id that the holder touches
 * every two seconds; one whose holder is gone, or that was not touched for 15 seconds, is taken over (a restarted machine may give the id to somebody else).
 *
 * @template T
 * @param {{path: string, say: (line: string) => void}} lock
 * @param {() => Promise<T>} act looks again at what is missing: whoever waited may find it done
 * @returns {Promise<T>}
 */
export async function withSetupLock({ path, say }, act) {
  let told = false;
  while (!take(path)) {
    if (isStale(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) say('another command is setting this checkout up; waiting for it');
    told = true;
    await sleep(LOOK_AGAIN_MS);
  }
  const beat = setInterval(() => touch(path), BEAT_MS);
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await act();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

function take(path) {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS) return true;
    const pid = Number(readFileSync(path, 'utf8'));
    return pid > 0 && !isAlive(pid); // an empty file is one being written
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken over while this process slept: the new holder has the lock now, and both end with the same packages.
  }
}
