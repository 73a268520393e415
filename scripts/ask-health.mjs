// The health check of a container: `node scripts/ask-health.mjs PORT` ends with 0 when this process's server is ready.
// Node and nothing else: the slim image has no curl.
const port = process.argv[2];
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
