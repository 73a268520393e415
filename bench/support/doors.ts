// The two doors that benches send through: a gateway's settings and the sink behind it.
import type { Channel } from '../../src/domain/ids.js';

export type Door = {
  readonly channel: Channel;
  /** A script beside this file. */
  readonly sink: string;
  /** What `POST /v1/gateways` takes, pointed at the sink. */
  gateway(port: number): object;
};

/** Connections of both sides. */
export const connections = 20;
/** The widest there is. A quarter of it is a wave: what is written down as on the wire in one transaction. */
const windowSize = 1_000;

export const twilioAccount = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'bench' } as const;

export const smtpDoor: Door = {
  channel: 'email',
  sink: 'smtp-sink',
  gateway: port => ({ kind: 'smtp', settings: { host: '127.0.0.1', port, security: 'none', connections }, windowSize }),
};

export const twilioDoor: Door = {
  channel: 'sms',
  sink: 'twilio-sink',
  gateway: port => ({
    kind: 'twilio',
    settings: { accountSid: twilioAccount.accountSid, baseUrl: `http://127.0.0.1:${port}`, connections },
    secrets: { authToken: twilioAccount.authToken },
    windowSize,
  }),
};
