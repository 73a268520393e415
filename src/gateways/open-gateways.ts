/** Opens adapters from rows and keeps them open: one per gateway and version of its settings, closed at shutdown. */
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { SmtpSettings, TwilioSettings } from '../contract/gateways.js';
import type { WorkspaceId } from '../domain/ids.js';
import { Addresses } from '../platform/addresses.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { counter } from '../platform/metrics.js';
import { Signing } from '../platform/signing.js';
import { GatewayError } from './gateway-error.js';
import { openSecrets } from './gateway-settings.js';
import { type GatewayRow, selectGateway } from './gateways.sql.js';
import type { OpenGateway } from './open-gateway.js';
import { callbackHeader, SandboxAddress } from './sandbox-address.js';
import { SmtpEmailGateway } from './smtp-email.gateway.js';
import { type FormParams, isSigned } from './twilio-signature.js';
import { TwilioSmsGateway } from './twilio-sms.gateway.js';

/**
 * To the sandbox's own listeners: each waits for the commit of its message, so more of them make bigger batches. But the listeners are in
 * this process, and one connection is accepted in a turn of its event loop: of hundreds, the last would wait longer than for any answer.
 */
const sandboxConnections = 64;
/** How long the token that receipts are signed with is remembered, so that a storm of receipts costs no query each. */
const tokenRememberedMs = 5_000;

/** What a webhook request has that its signature covers. */
export type SignedRequest = { path: string; params: FormParams; signature: string };

const openings = counter('muster_gateway_openings_total', 'Gateways opened because they are new or their settings changed.', [
  'gateway',
  'outcome',
]);

@Injectable()
export class OpenGateways implements OnApplicationShutdown {
  private readonly now = () => this.clock.now();
  private readonly byId = new Map<string, { version: string; gateway: Promise<OpenGateway> }>();
  private readonly everOpened = new Set<Promise<OpenGateway>>();
  private readonly tokens = new Map<string, { token: Promise<string | null>; until: number }>();

  constructor(
    private readonly db: Database,
    private readonly signing: Signing,
    private readonly addresses: Addresses,
    private readonly sandbox: SandboxAddress,
    private readonly clock: Clock,
  ) {}

  async open(workspaceId: WorkspaceId, id: string): Promise<OpenGateway> {
    const row = await this.getRow(workspaceId, id);
    const known = this.byId.get(id);
    if (known?.version === row.version) return known.gateway;
    const gateway = this.openRow(row);
    this.byId.set(id, { version: row.version, gateway });
    this.everOpened.add(gateway);
    // A failed opening must not be remembered as this version's gateway.
    gateway.then(
      () => openings.inc({ gateway: row.kind, outcome: 'opened' }),
      () => {
        openings.inc({ gateway: row.kind, outcome: 'failed' });
        this.byId.delete(id);
      },
    );
    return gateway;
  }

  /** True when the request was signed with this gateway's secret. An unknown gateway has signed nothing. */
  async verifyCallback(workspaceId: WorkspaceId, id: string, { path, params, signature }: SignedRequest): Promise<boolean> {
    const token = await this.callbackToken(workspaceId, id);
    if (token === null) return false;
    const { localUrl, publicUrl } = this.addresses;
    const origins = localUrl === null || localUrl === publicUrl ? [publicUrl] : [localUrl, publicUrl];
    return isSigned(token, signature, origins, path, params);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const opening of this.everOpened) {
      const gateway = await opening.catch(() => null);
      await (gateway?.channel === 'sms' ? gateway.sms : gateway?.email)?.close();
    }
  }

  private async getRow(workspaceId: WorkspaceId, id: string): Promise<GatewayRow> {
    const row = await this.db.row<GatewayRow>(selectGateway(workspaceId, id));
    if (!row) throw notFound('gateway', id);
    return row;
  }

  private async openRow(row: GatewayRow): Promise<OpenGateway> {
    if (row.kind === 'sandbox') return this.openSandbox(row);
    if (row.isSandboxOnly) throw new GatewayError('misconfigured', 'This workspace may only send to the sandbox');
    const common = this.common(row, token => this.receiptUrl(this.addresses.publicUrl, token));
    switch (row.kind) {
      case 'twilio': {
        const options = {
          connections: row.windowSize,
          ...(row.settings as TwilioSettings),
          authToken: this.secret(row, 'authToken'),
        };
        return { ...common, channel: 'sms', sms: new TwilioSmsGateway(options) };
      }
      case 'smtp': {
        const { user, ...settings } = row.settings as SmtpSettings;
        const login = user === undefined ? null : { user, pass: this.secret(row, 'password') };
        return { ...common, channel: 'email', email: new SmtpEmailGateway({ ...settings, login, now: this.now }) };
      }
    }
  }

  /** The same adapters, pointed at the listeners of this process. */
  private async openSandbox(row: GatewayRow): Promise<OpenGateway> {
    const { smtpPort, httpUrl } = await this.sandbox.ready;
    const { accountSid, authToken } = this.sandbox.credentials(row.workspaceId);
    const common = this.common(row, token => this.receiptUrl(this.addresses.localUrl ?? this.addresses.publicUrl, token));
    if (row.channel === 'sms')
      return {
        ...common,
        channel: 'sms',
        sms: new TwilioSmsGateway({ accountSid, authToken, baseUrl: httpUrl, connections: sandboxConnections }),
      };
    const login = { user: accountSid, pass: authToken };
    const options = {
      host: '127.0.0.1',
      port: smtpPort,
      security: 'none' as const,
      login,
      connections: sandboxConnections,
      now: this.now,
      callbackHeader,
    };
    return { ...common, channel: 'email', email: new SmtpEmailGateway(options) };
  }

  private common({ id, kind, windowSize, unitsPerSecond }: GatewayRow, callbackUrl: (token: string) => string) {
    return { id, kind, windowSize, unitsPerSecond, callbackUrl };
  }

  private receiptUrl(origin: string, token: string): string {
    return `${origin}/webhooks/twilio/receipt/${token}`;
  }

  private secret(row: GatewayRow, name: string): string {
    const value = row.secrets === null ? undefined : openSecrets(this.signing, row.secrets)[name];
    if (value === undefined) throw new GatewayError('misconfigured', `Gateway ${row.id} has no readable ${name}: set it again`);
    return value;
  }

  private callbackToken(workspaceId: WorkspaceId, id: string): Promise<string | null> {
    const key = `${workspaceId}.${id}`;
    const known = this.tokens.get(key);
    const now = performance.now();
    if (known && known.until > now) return known.token;
    const token = this.readToken(workspaceId, id);
    this.tokens.set(key, { token, until: now + tokenRememberedMs });
    token.catch(() => this.tokens.delete(key));
    return token;
  }

  private async readToken(workspaceId: WorkspaceId, id: string): Promise<string | null> {
    const row = await this.db.row<GatewayRow>(selectGateway(workspaceId, id));
    if (!row) return null;
    if (row.kind === 'sandbox') return this.sandbox.credentials(workspaceId).authToken;
    return row.kind === 'twilio' ? this.secret(row, 'authToken') : null;
  }
}
