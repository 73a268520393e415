// Gateways as the API shows them: what sends for a workspace. Secrets go in and never come out.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { channel, instant, name } from './common.js';

/** A workspace has its two sandboxes from the start; the others are made. */
const gatewayKinds = ['sandbox', 'twilio', 'smtp'] as const;
export type GatewayKind = (typeof gatewayKinds)[number];

export const twilioSettings = z.strictObject({
  accountSid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/i, 'Must be "AC" and 32 hexadecimal digits')
    .meta({ example: 'AC00000000000000000000000000000000' }),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'Must be a URL' })
    .max(200)
    .refine(isSafeOrigin, 'Must be https (http only for loopback), without a path')
    .optional(),
  connections: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'HTTP connections kept open; as many as the window is wide when left out' }),
});

export const smtpSettings = z.strictObject({
  host: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]+$/i, 'Must be a host name or an IP address')
    .meta({ example: 'smtp.example.com' }),
  port: z.number().int().min(1).max(65535).default(587),
  security: z.enum(['tls', 'starttls', 'opportunistic', 'none']).default('starttls'),
  user: text(320).min(1).optional(),
  clientName: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/i, 'Must be a host name')
    .optional(),
  connections: z.number().int().min(1).max(50).default(5),
});

const secret = text(500).min(1);
export const twilioSecrets = z.strictObject({ authToken: secret });
export const smtpSecrets = z.strictObject({ password: secret });

const windowSize = z.number().int().min(1).max(1000).meta({ description: 'Sends on the wire at once, and the size of a wave' });
const unitsPerSecond = z
  .number()
  .int()
  .min(1)
  .max(100_000)
  .nullable()
  .meta({ description: 'SMS parts or emails a second; null: no limit of ours' });

export const createGateway = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('twilio'),
      name,
      settings: twilioSettings,
      secrets: twilioSecrets,
      windowSize: windowSize.default(100),
      unitsPerSecond: unitsPerSecond.default(null),
    }),
    z.strictObject({
      kind: z.literal('smtp'),
      name,
      settings: smtpSettings,
      secrets: smtpSecrets.optional(),
      windowSize: windowSize.default(100),
      unitsPerSecond: unitsPerSecond.default(null),
    }),
  ])
  .meta({
    id: 'CreateGateway',
    examples: [
      {
        kind: 'twilio',
        name: 'Twilio',
        settings: { accountSid: 'AC00000000000000000000000000000000' },
        secrets: { authToken: '0123456789abcdef0123456789abcdef' },
        unitsPerSecond: 20,
      },
      {
        kind: 'smtp',
        name: 'Our mail server',
        settings: { host: 'smtp.shop.example', port: 587, user: 'muster' },
        secrets: { password: 'correct horse battery staple' },
      },
    ],
  });

/** Settings are merged field by field and checked as a whole; null takes an optional one away. */
export const updateGateway = z
  .strictObject({
    name: name.optional(),
    settings: z.record(z.string().max(50), z.unknown()).optional(),
    secrets: z.record(z.string().max(50), z.unknown()).optional(),
    windowSize: windowSize.optional(),
    unitsPerSecond: unitsPerSecond.optional(),
  })
  .meta({ id: 'UpdateGateway', examples: [{ name: 'Twilio, United States', unitsPerSecond: 100 }] });

export const gatewayView = z
  .object({
    id,
    name: z.string(),
    channel,
    kind: z.enum(gatewayKinds),
    settings: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.string()).meta({ description: 'Which secrets are set; never their text' }),
    windowSize: z.number(),
    unitsPerSecond: z.number().nullable(),
    isDefault: z.boolean(),
    inboundUrl: z.string().nullable().meta({ description: 'Where the provider should post what people reply' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Gateway' });

export const gatewayList = z.object({ data: z.array(gatewayView) }).meta({ id: 'GatewayList' });

export const gatewayCheck = z
  .object({
    isOk: z.boolean(),
    problem: z.object({ kind: z.string(), code: z.string().nullable(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'GatewayCheck' });

export type TwilioSettings = z.infer<typeof twilioSettings>;
export type SmtpSettings = z.infer<typeof smtpSettings>;
export type CreateGateway = z.infer<typeof createGateway>;
export type UpdateGateway = z.infer<typeof updateGateway>;
export type GatewayView = z.infer<typeof gatewayView>;
export type GatewayCheck = z.infer<typeof gatewayCheck>;

function isSafeOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const isLocal = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return (url.protocol === 'https:' || isLocal) && url.pathname === '/' && !url.search && !url.hash && !url.username;
}
