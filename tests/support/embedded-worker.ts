// A process that uses the embedded Redis and waits to be killed: `node embedded-worker.ts DATA_DIR start|join`.
// Prints one JSON line: {url, joined} or {code, message}.
import { joinEmbeddedRedis, startEmbeddedRedis } from '../../workers/embedded-redis.ts';

const [dataDir, how] = process.argv.slice(2);
const open = how === 'join' ? joinEmbeddedRedis : startEmbeddedRedis;
const log = { info() {}, warn() {}, error() {} };
try {
  const redis = await open({ log, serverProgram: async () => 'redis-server' }, { dataDir: dataDir! });
  process.once('SIGTERM', () => void redis.stop());
  console.log(JSON.stringify({ url: redis.url, joined: redis.joined }));
} catch (error) {
  const { code, message } = error as Error & { code: string };
  console.log(JSON.stringify({ code, message }));
}
