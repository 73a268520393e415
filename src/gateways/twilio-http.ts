/**
 * The HTTP to Twilio, under its client and for messages without it: undici with keep-alive connections (four times the requests of the client's
 * own), our time limits, and a base URL so that the same code speaks to the sandbox and to tests. Failures leave here as GatewayError.
 */
import type twilio from 'twilio';
import { type Dispatcher, errors, Pool, request } from 'undici';
import { isLoopback } from './loopback.js';
import { GatewayError } from './gateway-error.js';
import { twilioError } from './twilio-errors.js';

type RequestOptions = Parameters<twilio.RequestClient['request']>[0];
type TwilioResponse = { statusCode: number; body: string; headers: Record<string, unknown> };

/** The parts of a form, in order; values are text of any kind. */
export type FormParts = Readonly<Record<string, string>>;

const twilioOrigin = 'https://api.twilio.com';
/** Twilio answers a create in well under a second; after ten nobody knows whether it was taken. */
const defaultAnswerMs = 10_000;
const connectMs = 5_000;
/** Twilio's answers are of a few kilobytes, a list of some forty; whatever stands at another base URL must not fill the memory. */
const maxAnswerBytes = 1024 * 1024;

export type TwilioHttpOptions = { baseUrl?: string | undefined; connections: number; answerMs?: number };

export class TwilioHttp {
  private readonly pool: Pool;
  private readonly origin: string;

  constructor({ baseUrl, connections, answerMs = defaultAnswerMs }: TwilioHttpOptions) {
    this.origin = (baseUrl ?? twilioOrigin).replace(/\/+$/, '');
    if (!this.origin.startsWith('https:') && !isLoopback(this.origin)) throw new Error('http is for loopback only');
    this.pool = new Pool(this.origin, {
      connections,
      pipelining: 1,
      connect: { timeout: connectMs },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      maxResponseSize: maxAnswerBytes,
      keepAliveTimeout: 4_000,
    });
  }

  /** What Twilio's client calls. A refusal throws here, where its headers are still at hand. */
  async request(options: RequestOptions): Promise<TwilioResponse> {
    return taken(await this.exchange(options));
  }

  /**
   * Posts one form and gives the text of the answer: the hot path. The client's way through promises, streams and header objects costs more than
   * the request itself.
   */
  async post(path: string, authorization: string, parts: FormParts): Promise<string> {
    const headers = ['authorization', authorization, 'content-type', formType, 'accept', 'application/json'];
    const options = { path, method: 'POST', headers, body: encodeForm(parts) } as const;
    const answer = await new Promise<TwilioResponse>((resolve, reject) =>
      this.pool.dispatch(options, new AnswerReader(resolve, reject)),
    ).catch((error: unknown) => {
      throw transportError(error);
    });
    return taken(answer).body;
  }

  /** Lets what is in flight end. */
  async close(): Promise<void> {
    if (!this.pool.closed) await this.pool.close();
  }

  private async exchange({ method, uri, params, data, headers, username, password }: RequestOptions): Promise<TwilioResponse> {
    const query = params && Object.keys(params).length > 0 ? `?${form(params)}` : '';
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    try {
      const {
        statusCode,
        headers: answered,
        body,
      } = await request(uri.replace(twilioOrigin, this.origin) + query, {
        dispatcher: this.pool,
        method: method.toUpperCase() as 'GET' | 'POST' | 'DELETE',
        headers: { ...(headers as Record<string, string>), authorization },
        body: data === undefined ? null : form(data as object),
      });
      return { statusCode, headers: answered, body: await body.text() };
    } catch (error) {
      throw transportError(error);
    }
  }
}

/** Gathers one answer. */
class AnswerReader implements Dispatcher.DispatchHandler {
  private statusCode = 0;
  private headers: Record<string, unknown> = {};
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly resolve: (answer: TwilioResponse) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  /** Its presence tells undici that this is a reader of its present kind. */
  onRequestStart(): void {
    return;
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: Record<string, unknown>): void {
    this.statusCode = statusCode;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first ? first : Buffer.concat(this.chunks);
    this.resolve({ statusCode: this.statusCode, headers: this.headers, body: body.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }
}

/** The answer, unless it is a refusal. */
function taken(answer: TwilioResponse): TwilioResponse {
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
  const retryAfter = answer.headers['retry-after'];
  throw twilioError({
    status: answer.statusCode,
    body: parseJson(answer.body),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  });
}

const formType = 'application/x-www-form-urlencoded';

function encodeForm(parts: FormParts): string {
  let text = '';
  for (const name in parts) text += `${text === '' ? '' : '&'}${name}=${encodeURIComponent((parts[name] ?? '').toWellFormed())}`;
  return text;
}

function form(values: object): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) pairs.append(name, String(one));
  return pairs.toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** Codes that mean no connection came about, so no byte of the message left. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const wrongCertificate = /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/;

function transportError(error: unknown): GatewayError {
  const { code = 'ERROR', message } = error as { code?: string; message: string };
  if (neverConnected.has(code))
    return new GatewayError('retryable', `No connection to Twilio: ${message}`, { code, cause: error });
  if (wrongCertificate.test(code)) return new GatewayError('misconfigured', `TLS: ${message}`, { code, cause: error });
  if (error instanceof errors.InvalidArgumentError) return new GatewayError('misconfigured', message, { code, cause: error });
  return new GatewayError('unknown', `No answer from Twilio: ${message}`, { code, cause: error });
}
