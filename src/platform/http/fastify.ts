/** The HTTP server under Nest: limits, request ids, body parsers that keep the raw bytes (webhook signatures need them). */
import fastifyMultipart from '@fastify/multipart';
import { type FastifyRequest, fastify } from 'fastify';
import { randomUUID } from 'node:crypto';
import { parse as parseForm } from 'node:querystring';
import { AppError } from '../errors.js';
import { type Log, withRequestId } from '../log.js';
import { countRequest } from './request-metrics.js';

/** Largest JSON or form body. Uploads stream and have their own limit. */
const bodyLimitBytes = 2 * 1024 * 1024;
/** Largest CSV upload. */
const uploadLimitBytes = 4 * 1024 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body's bytes as they came; null for uploads and empty bodies. */
    rawBody: Buffer | null;
  }
}

type Done = (error: Error | null, body?: unknown) => void;

export function createFastify(log: Log, trustedProxies: readonly string[] = []) {
  const server = fastify({
    loggerInstance: log.child({ part: 'http' }, { level: 'warn' }),
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: true,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: request => incomingId(request.headers['x-request-id']) ?? randomUUID(),
    routerOptions: { maxParamLength: 1000 },
  });
  server.decorateRequest('rawBody', null);
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    withRequestId(request.id, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    countRequest(request, reply);
    log.info(
      {
        requestId: request.id,
        method: request.method,
        url: loggedPath(request),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
  addBodyParsers(server);
  void server.register(fastifyMultipart, { limits: { fileSize: uploadLimitBytes, files: 1, fields: 20, fieldSize: 64 * 1024 } });
  return server;
}

function addBodyParsers(server: ReturnType<typeof fastify>): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done: Done) => {
    request.rawBody = body;
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(body.toString('utf8')));
    } catch (error) {
      done(new AppError('malformed', `The body is not JSON: ${(error as Error).message}`));
    }
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: Done) => {
      request.rawBody = body;
      done(null, { ...parseForm(body.toString('utf8')) });
    },
  );
}

/** Without the query, which may hold addresses, and without tokens, by which anybody could act for their owner. */
export function loggedPath(request: FastifyRequest): string | undefined {
  const route = request.routeOptions.url;
  return route?.includes(':token') ? route : request.url.split('?')[0];
}

/** A caller's own request id is kept when it is plain and short. */
function incomingId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : undefined;
}
