/**
 * SMS through Twilio's REST API: with its official client, but for the one call that is made a hundred thousand times. The sandbox's phone network
 * speaks the same API on loopback.
 */
import twilio from 'twilio';
import { GatewayError } from './gateway-error.js';
import { isLoopback } from './loopback.js';
import { type Accepted, type Found, type OutgoingSms, SmsGateway } from './sms.gateway.js';
import { TwilioHttp } from './twilio-http.js';

export type TwilioOptions = {
  accountSid: string;
  authToken: string;
  /** Another origin than Twilio's; http only on loopback. */
  baseUrl?: string | undefined;
  /** Connections kept open: as many as the window is wide. */
  connections: number;
  answerMs?: number;
};

type TwilioMessage = Awaited<ReturnType<ReturnType<typeof twilio>['messages']['create']>>;

/** Twilio's lists are by whole days of its own clock; a message of just before midnight must not be missed. */
const dayMs = 24 * 3600 * 1000;
const listLimit = 20;

export class TwilioSmsGateway extends SmsGateway {
  private readonly http: TwilioHttp;
  private readonly client: ReturnType<typeof twilio>;
  private readonly messagesPath: string;
  private readonly authorization: string;
  private readonly isOnLoopback: boolean;

  constructor(private readonly options: TwilioOptions) {
    super();
    this.http = new TwilioHttp(options);
    const httpClient = this.http as unknown as twilio.RequestClient;
    this.client = twilio(options.accountSid, options.authToken, { httpClient, lazyLoading: true });
    this.isOnLoopback = options.baseUrl !== undefined && isLoopback(options.baseUrl);
    this.messagesPath = `/2010-04-01/Accounts/${options.accountSid}/Messages.json`;
    this.authorization = `Basic ${Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64')}`;
  }

  async send({ to, from, body, callbackUrl }: OutgoingSms): Promise<Accepted> {
    const form: Record<string, string> = { To: to, Body: body };
    form[from.startsWith('MG') ? 'MessagingServiceSid' : 'From'] = from;
    if (this.canBeReached(callbackUrl)) form['StatusCallback'] = callbackUrl;
    return readAccepted(await this.http.post(this.messagesPath, this.authorization, form));
  }

  override async find(to: string, body: string, since: Date): Promise<Found[]> {
    const dateSentAfter = new Date(since.getTime() - dayMs);
    const listed = await translated(this.client.messages.list({ to, dateSentAfter, limit: listLimit }));
    return listed.filter(message => message.body === body && message.dateCreated >= since).map(toFound);
  }

  async check(): Promise<void> {
    await translated(this.client.api.v2010.accounts(this.options.accountSid).fetch());
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** Twilio refuses a callback to a host it cannot reach, and the message with it; then we rather go without receipts. */
  private canBeReached(callbackUrl: string): boolean {
    return this.isOnLoopback || !isLoopback(callbackUrl);
  }
}

const states: Record<string, Found['state']> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

function toFound(message: TwilioMessage): Found {
  const parts = Number(message.numSegments);
  return {
    providerId: message.sid,
    state: states[message.status] ?? 'sent',
    at: message.dateUpdated ?? message.dateCreated,
    ...(parts > 0 ? { billedParts: parts } : {}),
    ...(message.errorCode ? { errorCode: String(message.errorCode) } : {}),
  };
}

function readAccepted(text: string): Accepted {
  try {
    const { sid, num_segments } = JSON.parse(text) as { sid?: unknown; num_segments?: unknown };
    if (typeof sid !== 'string' || sid === '') throw new Error('it names no message');
    const parts = Number(num_segments);
    return parts > 0 ? { providerId: sid, billedParts: parts } : { providerId: sid };
  } catch (error) {
    throw unreadable(error);
  }
}

/** What our HTTP did not already name is an answer the client could not read: taken, or not. */
async function translated<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw unreadable(error);
  }
}

function unreadable(error: unknown): GatewayError {
  return new GatewayError('unknown', `Twilio's answer could not be read: ${(error as Error).message}`, { cause: error });
}
