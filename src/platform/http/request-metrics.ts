/** Counts requests by the route's pattern, never by its address: labels are as many as there are routes, and hold nobody's id. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { counter, histogram } from '../metrics.js';

const requests = counter(
  'muster_http_requests_total',
  'Requests by route and status; route "none" for addresses we do not have.',
  ['method', 'route', 'status'],
);
const seconds = histogram(
  'muster_http_request_seconds',
  'From the head of a request to the end of its answer.',
  ['method', 'route'],
  [0.01, 0.05, 0.25, 1, 5, 30],
);

export function countRequest(request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'none';
  const method = route === 'none' ? 'any' : request.method;
  requests.inc({ method, route, status: String(reply.statusCode) });
  seconds.observe({ method, route }, reply.elapsedTime / 1000);
}
