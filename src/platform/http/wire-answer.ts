/**
 * Answers as they go over the wire. Whoever sets `request.keepAnswer` is handed the answer before it leaves, a problem as well as a
 * success; and an answer that is there already is thrown as a `ReadyAnswer`, which the problem filter sends as it is.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

/** `body` null: it was a stream, of which nothing is kept. An answer without a body has an empty one. */
export type WireAnswer = { status: number; contentType: string | null; body: Buffer | null };

declare module 'fastify' {
  interface FastifyRequest {
    /** The answer waits for it, and never fails by it. */
    keepAnswer: ((answer: WireAnswer) => Promise<void>) | null;
  }
}

export function addAnswerKeeper(server: FastifyInstance): void {
  server.decorateRequest('keepAnswer', null);
  server.addHook('onSend', async (request, reply, payload: unknown) => {
    await request.keepAnswer?.({ status: reply.statusCode, contentType: contentTypeOf(reply), body: bytesOf(payload) });
  });
}

export class ReadyAnswer extends Error {
  override readonly name = 'ReadyAnswer';

  constructor(
    private readonly answer: WireAnswer,
    private readonly headers: Record<string, string>,
  ) {
    super('answered already');
  }

  sendBy(reply: FastifyReply): void {
    const { status, contentType, body } = this.answer;
    void reply.status(status).headers(this.headers);
    if (contentType !== null) void reply.header('content-type', contentType);
    void reply.send(body && body.length > 0 ? body : undefined);
  }
}

function contentTypeOf(reply: FastifyReply): string | null {
  const type = reply.getHeader('content-type');
  return typeof type === 'string' ? type : null;
}

function bytesOf(payload: unknown): Buffer | null {
  if (payload === null || payload === undefined) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload, 'utf8');
  return Buffer.isBuffer(payload) ? payload : null;
}
