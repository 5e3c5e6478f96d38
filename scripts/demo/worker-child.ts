import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface WorkerChild {
  /** Where /readyz and /metrics answer. */
  readonly http: string;
  /** kill -9: nothing is said to the worker. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator stops it; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `attache start` as a process of its own and waits until it says where it listens. `onLog` gets each line of its JSON log. */
export async function startWorkerChild(
  options: { readonly configDir: string; readonly dataDir: string; readonly env: NodeJS.ProcessEnv },
  onLog: (line: string) => void,
): Promise<WorkerChild> {
  const program = new URL('../../cli/attache.mjs', import.meta.url).pathname;
  const args = [program, 'start', '--config', options.configDir, '--data', options.dataDir];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: options.env });
  const exited = once(child, 'exit');
  const http = await new Promise<string>((resolve, reject) => {
    const tail: string[] = [];
    createInterface({ input: child.stderr! }).on('line', (line) => {
      onLog(line);
      tail.push(line);
      if (tail.length > 20) tail.shift();
      const address = /"address":"(http:[^"]+)"/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}:\n${tail.join('\n')}`)));
  });
  return {
    http,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** Jobs that still have to run, by the worker's own metrics. Null while it does not answer. */
export async function unfinishedJobs(http: string): Promise<number | null> {
  try {
    const response = await fetch(`${http}/metrics`, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    let jobs = 0;
    for (const match of text.matchAll(/^attache_queue_jobs\{queue="(?:triage|deliver)",state="[a-z-]+"\} (\d+)/gm))
      jobs += Number(match[1]);
    return jobs;
  } catch {
    return null;
  }
}
