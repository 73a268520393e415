/**
 * The queues as a page at /queues (bull-board), for whoever holds an API key with the scope `admin`: sent as a bearer, or in a browser as the
 * password of basic authentication (any user name). Only looking is possible: nothing but GET is answered, so a foreign page can do no harm
 * with a browser's remembered key. Jobs are ids and nothing else; the truth is in the rows.
 */
import type { INestApplication } from '@nestjs/common';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccountsService } from './accounts/accounts.service.js';
import { RateLimits } from './accounts/rate-limits.service.js';
import { allows } from './accounts/scopes.js';
import { AppError, errorStatuses } from './platform/errors.js';
import { Jobs } from './platform/jobs/jobs.service.js';

const basePath = '/queues';

/** Nothing from anywhere else. The page styles itself inline; its scripts are files. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

export function mountQueueBoard(fastify: FastifyInstance, app: INestApplication): void {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(basePath);
  const queues = app
    .get(Jobs)
    .all()
    .map(queue => new BullMQAdapter(queue, { readOnlyMode: true }));
  // The adapter's package brings its own copy of the types, of the same shape.
  createBullBoard({
    queues,
    serverAdapter: adapter as never,
    options: { uiConfig: { boardTitle: 'Muster queues', hideRedisDetails: true } },
  });
  void fastify.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request, reply) => admit(app, request, reply));
      scope.addHook('onSend', (_request, reply, payload) => Promise.resolve(withoutForeignFonts(reply, payload)));
      void scope.register(adapter.registerPlugin());
      done();
    },
    { prefix: basePath },
  );
}

async function admit(app: INestApplication, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  void reply
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer');
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new AppError('forbidden', 'The queue board only shows');
    await requireAdmin(app, request, reply);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'unauthorized') void reply.header('www-authenticate', 'Basic realm="Muster queues", charset="UTF-8"');
    await reply.status(errorStatuses[error.code]).type('text/plain; charset=utf-8').send(`${error.message}\n`);
  }
}

/** Each try of a key that opens nothing counts against its address, as everywhere. */
async function requireAdmin(app: INestApplication, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const accounts = app.get(AccountsService);
  const limits = app.get(RateLimits);
  const key = keyOf(request.headers.authorization ?? '');
  if (key === null) throw new AppError('unauthorized', 'Send an API key with the scope admin, as the password');
  const isFamiliar = accounts.isFamiliar(key);
  if (!isFamiliar) limits.takeTry(request.ip, reply);
  const { actor } = await accounts.authenticate(key);
  if (!isFamiliar) limits.giveTryBack(request.ip);
  if (!allows(actor.scopes, 'admin')) throw new AppError('forbidden', 'This key lacks the scope admin');
}

function keyOf(header: string): string | null {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme === '') return null;
  const login = Buffer.from(value, 'base64').toString('utf8');
  const password = login.slice(login.indexOf(':') + 1);
  return password === '' ? null : password;
}

/** The page asks a font server for letters; the policy forbids it anyway, and without the line no browser complains. */
function withoutForeignFonts(reply: FastifyReply, payload: unknown): unknown {
  const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
  if (!isPage || typeof payload !== 'string') return payload;
  const page = payload.replaceAll(/<link href="https:[^>]*>/g, '');
  void reply.header('content-length', Buffer.byteLength(page));
  return page;
}
