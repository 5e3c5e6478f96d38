// The container's health check: exit code 0 when the worker at ATTACHE_HTTP_PORT says that it is ready, else 1 with its reasons.
const port = process.env.ATTACHE_HTTP_PORT || '8080';
try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4_000) });
  console.log(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  console.log(`no answer on port ${port}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
