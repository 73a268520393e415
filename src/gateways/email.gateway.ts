/** The door for email. Adapter: smtp-email.gateway.ts (the sandbox is that one pointed at loopback). conformance.ts is what an adapter must do. */
import type { Accepted } from './sms.gateway.js';

export type Mailbox = { readonly name?: string; readonly address: string };

export type OutgoingEmail = {
  readonly to: string;
  readonly from: Mailbox;
  readonly replyTo?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** With angle brackets; the same for every try of one message, so that a copy can be recognised. */
  readonly messageId: string;
  /** Further headers: List-Unsubscribe and its companion (unsubscribe-headers.ts), for one. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where receipts go, for gateways that send any. */
  readonly callbackUrl: string;
};

export abstract class EmailGateway {
  /** Resolves when the server has taken the message (its reply to DATA); throws only GatewayError. */
  abstract send(message: OutgoingEmail): Promise<Accepted>;

  /** Proves credentials and connection without sending anything; throws GatewayError. */
  abstract check(): Promise<void>;

  abstract close(): Promise<void>;
}
