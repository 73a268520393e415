/** A phone network on loopback that speaks Twilio's Messages API: create, list, and the account itself, with Basic authentication. */
import { Injectable } from '@nestjs/common';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parse as parseForm } from 'node:querystring';
import type { WorkspaceId } from '../domain/ids.js';
import { countParts } from '../domain/sms/encoding.js';
import { SandboxAddress } from '../gateways/sandbox-address.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { outcomeFor } from './magic.js';
import { type SandboxRow, selectSentTo } from './sandbox.sql.js';
import { TakeMessages } from './take-messages.js';

/** Twilio's own limit of characters. */
const maxCharacters = 1_600;
const maxBodyBytes = 64 * 1024;
const pageSize = 50;

type Reply = { status: number; body: object; isLost?: boolean };
type Call = { method: string; url: URL; workspaceId: WorkspaceId; accountSid: string; form: Record<string, string> };

@Injectable()
export class PhoneNetwork {
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  constructor(
    private readonly db: Database,
    private readonly sandbox: SandboxAddress,
    private readonly taking: TakeMessages,
    private readonly clock: Clock,
  ) {}

  /** Its origin; the port is picked by the system. */
  listen(): Promise<string> {
    this.server.keepAliveTimeout = 60_000;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(this.server.address() as { port: number }).port}`));
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise(resolve => (this.server.listening ? this.server.close(() => resolve()) : resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, isLost } = await this.answer(request).catch((error: unknown) =>
      refusal(500, 20500, (error as Error).message),
    );
    if (isLost) return void request.socket.destroy();
    const text = JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  }

  private async answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const form = await readForm(request);
    if (form === null) return refusal(413, 20413, 'Request too large');
    const [, accountSid = '', resource = ''] = /^\/2010-04-01\/Accounts\/(\w+)(\/Messages)?\.json$/.exec(url.pathname) ?? [];
    if (accountSid === '') return refusal(404, 20404, `The requested resource ${url.pathname} was not found`);
    const workspaceId = this.authenticate(request, accountSid);
    if (workspaceId === null) return refusal(401, 20003, 'Authenticate');
    const call = { method: request.method ?? 'GET', url, workspaceId, accountSid, form };
    if (resource === '')
      return { status: 200, body: { sid: accountSid, status: 'active', friendly_name: 'Sandbox', type: 'Trial' } };
    return call.method === 'POST' ? this.create(call) : this.list(call);
  }

  private authenticate(request: IncomingMessage, accountSid: string): WorkspaceId | null {
    const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const [user = '', token = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    return user === accountSid ? this.sandbox.workspaceOf(user, token) : null;
  }

  private async create({ workspaceId, accountSid, form }: Call): Promise<Reply> {
    const { To: to = '', Body: body = '', StatusCallback: receiptUrl = null } = form;
    const from = form['From'] ?? form['MessagingServiceSid'] ?? '';
    const wrong = firstMistake(to, from, body);
    if (wrong) return wrong;
    const outcome = outcomeFor('sms', to);
    if (outcome.refusal !== undefined)
      return refusal(outcome.refusal.startsWith('205') ? 503 : 400, Number(outcome.refusal), `The sandbox refuses ${to}`);
    const providerId = await this.taking.take({
      workspaceId,
      channel: 'sms',
      sender: from,
      recipient: to,
      subject: null,
      body,
      headers: {},
      receiptUrl,
    });
    const now = this.clock.now();
    const row = { providerId, sender: from, recipient: to, body, receivedAt: now };
    return { status: 201, body: toTwilio(accountSid, row, 'queued'), isLost: outcome.isAnswerLost === true };
  }

  private async list({ workspaceId, accountSid, url }: Call): Promise<Reply> {
    const since = url.searchParams.get('DateSent>');
    const isDay = since !== null && /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(since);
    const rows = await this.db.rows<SandboxRow>(
      selectSentTo(workspaceId, url.searchParams.get('To') ?? '', isDay ? since : null, pageSize),
    );
    const messages = rows.map(row =>
      toTwilio(
        accountSid,
        row,
        row.receiptState === 'sent' ? (outcomeFor('sms', row.recipient).receipt?.status ?? 'sent') : 'sent',
      ),
    );
    return {
      status: 200,
      body: { messages, page: 0, page_size: pageSize, next_page_uri: null, previous_page_uri: null, uri: url.pathname },
    };
  }
}

function firstMistake(to: string, from: string, body: string): Reply | null {
  if (to === '') return refusal(400, 21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusal(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  if (from === '') return refusal(400, 21603, "A 'From' phone number is required.");
  if (body === '') return refusal(400, 21602, 'Message body is required.');
  if (body.length > maxCharacters) return refusal(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  return null;
}

function refusal(status: number, code: number, message: string): Reply {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

type Listed = Pick<SandboxRow, 'providerId' | 'sender' | 'recipient' | 'body' | 'receivedAt'>;

function toTwilio(accountSid: string, row: Listed, status: string): object {
  const at = row.receivedAt.toUTCString();
  return {
    sid: row.providerId,
    account_sid: accountSid,
    messaging_service_sid: null,
    from: row.sender,
    to: row.recipient,
    body: row.body,
    status,
    direction: 'outbound-api',
    num_segments: String(countParts(row.body).parts),
    num_media: '0',
    api_version: '2010-04-01',
    date_created: at,
    date_updated: at,
    date_sent: status === 'queued' ? null : at,
    error_code: null,
    error_message: null,
    price: null,
    price_unit: 'USD',
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${row.providerId}.json`,
    subresource_uris: {},
  };
}

/** The form's fields, the first of each name; null when it is too large. */
async function readForm(request: IncomingMessage): Promise<Record<string, string> | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  if (bytes > maxBodyBytes) return null;
  const form = parseForm(Buffer.concat(chunks).toString('utf8'));
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, (Array.isArray(value) ? value[0] : value) ?? '']));
}
