/** A peer for the Twilio adapter: answers the Messages API as told, and remembers what it got. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { PeerBehaviour } from '../../src/gateways/conformance.js';

export type TwilioSink = {
  url: string;
  /** Bodies of messages it took. */
  taken: Record<string, string>[];
  /** When it took them (ms of the process's clock). */
  takenAt: number[];
  /** Creates that it was asked for, taken or not. */
  asked: number;
  /** Whether its list of messages shows what it took. */
  lists: boolean;
  /** Most requests it had in hand at once. */
  mostAtOnce: number;
  connections: number;
  behave(behaviour: PeerBehaviour): Promise<void>;
  close(): Promise<void>;
};

type Answer = { status: number; body: object; headers?: Record<string, string> };

const refusals: Partial<Record<PeerBehaviour, Answer>> = {
  'reject-recipient': { status: 400, body: { code: 21211, message: "Invalid 'To' Phone Number", status: 400 } },
  throttle: { status: 429, body: { code: 20429, message: 'Too Many Requests', status: 429 }, headers: { 'retry-after': '3' } },
  'fail-for-now': { status: 503, body: { code: 20503, message: 'Service unavailable', status: 503 } },
  'refuse-credentials': { status: 401, body: { code: 20003, message: 'Authenticate', status: 401 } },
};

export async function startTwilioSink(): Promise<TwilioSink> {
  let behaviour: PeerBehaviour = 'accept';
  let inHand = 0;
  const server = createServer((request, response) => void serve(request, response));
  server.on('connection', () => sink.connections++);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    sink.mostAtOnce = Math.max(sink.mostAtOnce, ++inHand);
    response.on('close', () => inHand--);
    const form = Object.fromEntries(new URLSearchParams(await textOf(request)));
    if (request.method === 'GET' && behaviour !== 'refuse-credentials')
      return answer(response, { status: 200, body: listOf(request, sink) });
    sink.asked++;
    const refusal = refusals[behaviour];
    if (refusal) return answer(response, refusal);
    sink.taken.push(form);
    sink.takenAt.push(performance.now());
    if (behaviour === 'drop-after-hand-off') return void request.socket.destroy();
    if (behaviour === 'never-answer') return;
    // A moment, so that requests of one wave overlap.
    setTimeout(() => answer(response, { status: 201, body: created(form, sink.taken.length) }), 5);
  }

  const listen = (port: number) =>
    new Promise<number>(resolve => server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
  const port = await listen(0);
  const sink: TwilioSink = {
    url: `http://127.0.0.1:${port}`,
    taken: [],
    takenAt: [],
    asked: 0,
    lists: true,
    mostAtOnce: 0,
    connections: 0,
    async behave(next) {
      behaviour = next;
      sink.taken.length = sink.takenAt.length = sink.asked = 0;
      if (next === 'not-listening') await sink.close();
      else if (!server.listening) await listen(port);
    },
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
  return sink;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function listOf(request: IncomingMessage, { taken, lists }: TwilioSink): object {
  const to = new URL(request.url ?? '/', 'http://sink').searchParams.get('To');
  const messages = taken.flatMap((form, i) =>
    lists && form['To'] === to ? [{ ...created(form, i + 1), status: 'delivered', date_created: new Date().toUTCString() }] : [],
  );
  return { messages, page: 0, page_size: 50, next_page_uri: null, uri: request.url };
}

function created(form: Record<string, string>, count: number): object {
  const sid = `SM${String(count).padStart(32, '0')}`;
  return {
    sid,
    status: 'queued',
    num_segments: '2',
    to: form['To'],
    from: form['From'],
    body: form['Body'],
    date_created: 'Sun, 22 Nov 2026 09:00:00 +0000',
  };
}
