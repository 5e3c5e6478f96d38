/** Loaded before the program (`node --import`): writes its CPU time, of the process and of its main thread, in ms, to descriptor 3 as it ends. */
import { writeSync } from 'node:fs';

process.on('exit', () => {
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()];
  const usage = { processMs: (all.user + all.system) / 1000, mainThreadMs: (main.user + main.system) / 1000 };
  writeSync(3, JSON.stringify(usage));
});
