/** A gateway ready to send: what delivery holds while it drains. Made and cached by GatewaysService.open, never closed by its user. */
import type { GatewayKind } from '../contract/gateways.js';
import type { EmailGateway } from './email.gateway.js';
import type { SmsGateway } from './sms.gateway.js';

type Opened = {
  readonly id: string;
  readonly kind: GatewayKind;
  /** How many sends may be on the wire at once; also the size of a wave. */
  readonly windowSize: number;
  /** Parts (SMS) or messages (email) a second; null: as fast as it takes them. */
  readonly unitsPerSecond: number | null;
  /** The receipt URL for a token that names the message (Signing.sign('receipt', …)). */
  callbackUrl(token: string): string;
};

export type OpenSmsGateway = Opened & { readonly channel: 'sms'; readonly sms: SmsGateway };
export type OpenEmailGateway = Opened & { readonly channel: 'email'; readonly email: EmailGateway };
export type OpenGateway = OpenSmsGateway | OpenEmailGateway;
