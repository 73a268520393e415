/** The door for SMS. Adapters: twilio-sms.gateway.ts (the sandbox is that one pointed at loopback). conformance.ts is what an adapter must do. */
export type OutgoingSms = {
  /** E.164. */
  readonly to: string;
  /** An E.164 number, a short code, an alphanumeric sender, or a Twilio messaging service (MG…). */
  readonly from: string;
  readonly body: string;
  /** Where receipts go; it names the message in a signed token, so that a receipt may come before this send returns. */
  readonly callbackUrl: string;
  /** The same for every try of one message; used by providers that have such a thing. */
  readonly idempotencyKey: string;
};

/** The provider has the message and answers for it. */
export type Accepted = {
  readonly providerId: string;
  /** Parts the provider says it will bill, where it says so at once. */
  readonly billedParts?: number;
};

/** What the provider knows of a message nobody answered for. */
export type Found = Accepted & {
  readonly state: 'sent' | 'delivered' | 'undelivered' | 'failed';
  readonly errorCode?: string;
  readonly at: Date;
};

export abstract class SmsGateway {
  /** Resolves when the provider has taken the message; throws only GatewayError. */
  abstract send(message: OutgoingSms): Promise<Accepted>;

  /**
   * Evidence for an unknown message: what the provider lists with this recipient and text since then. Absence proves nothing before
   * the provider's own queue limit. Adapters whose provider cannot be asked have no such method.
   */
  find?(to: string, body: string, since: Date): Promise<Found[]>;

  /** Proves credentials and connection without sending anything; throws GatewayError. */
  abstract check(): Promise<void>;

  abstract close(): Promise<void>;
}
