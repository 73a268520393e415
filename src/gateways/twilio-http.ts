/**
 * The HTTP under Twilio's client: undici with keep-alive connections (four times the requests of the client's own), our time limits, and a
 * base URL so that the same client speaks to the sandbox and to tests. Failures leave here as GatewayError.
 */
import type twilio from 'twilio';
import { Agent, errors, request } from 'undici';
import { isLoopback } from './loopback.js';
import { GatewayError } from './gateway-error.js';
import { twilioError } from './twilio-errors.js';

type RequestOptions = Parameters<twilio.RequestClient['request']>[0];
type TwilioResponse = { statusCode: number; body: string; headers: Record<string, unknown> };

const twilioOrigin = 'https://api.twilio.com';
/** Twilio answers a create in well under a second; after ten nobody knows whether it was taken. */
const defaultAnswerMs = 10_000;
const connectMs = 5_000;

export type TwilioHttpOptions = { baseUrl?: string | undefined; connections: number; answerMs?: number };

export class TwilioHttp {
  private readonly agent: Agent;
  private readonly origin: string;

  constructor({ baseUrl, connections, answerMs = defaultAnswerMs }: TwilioHttpOptions) {
    this.origin = (baseUrl ?? twilioOrigin).replace(/\/+$/, '');
    if (!this.origin.startsWith('https:') && !isLoopback(this.origin)) throw new Error('http is for loopback only');
    this.agent = new Agent({
      connections,
      pipelining: 1,
      connect: { timeout: connectMs },
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      keepAliveTimeout: 4_000,
    });
  }

  /** What Twilio's client calls. A refusal throws here, where its headers are still at hand. */
  async request(options: RequestOptions): Promise<TwilioResponse> {
    const answer = await this.exchange(options);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const retryAfter = answer.headers['retry-after'];
    throw twilioError({
      status: answer.statusCode,
      body: parseJson(answer.body),
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    });
  }

  /** Lets what is in flight end. */
  async close(): Promise<void> {
    if (!this.agent.closed) await this.agent.close();
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
        dispatcher: this.agent,
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
