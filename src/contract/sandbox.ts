// The sandbox as the API shows it: a mailbox and a phone in one list, and replies from its people.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { channel, instant, pageOf, pageQuery } from './common.js';

export const sandboxQuery = z.strictObject({
  ...pageQuery,
  recipient: text(320).trim().min(1).optional().meta({ description: 'Only to this phone or email', example: '+12125550142' }),
  channel: channel.optional(),
});

const listed = {
  id,
  channel,
  providerId: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string().nullable(),
  receipt: z.enum(['none', 'due', 'sent', 'given-up']),
  receivedAt: instant,
};

export const sandboxItem = z
  .object({ ...listed, text: z.string().nullable().meta({ description: 'The text of an SMS; open a mail to read it' }) })
  .meta({ id: 'SandboxItem' });
export const sandboxPage = pageOf(sandboxItem).meta({ id: 'SandboxPage' });

export const sandboxMessage = z
  .object({
    ...listed,
    text: z.string().nullable(),
    html: z.string().nullable(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .meta({ id: 'SandboxMessage' });

/** From the phone that got a message, or from any phone. */
export const sandboxReply = z
  .union([
    z.strictObject({ messageId: id, body: text(1_600).min(1) }),
    z.strictObject({
      from: text(40).min(1).meta({ example: '+12125550123' }),
      to: text(40).min(1).meta({ description: 'The sender that the phone replies to', example: '+12025550100' }),
      body: text(1_600).min(1),
    }),
  ])
  .meta({
    id: 'SandboxReply',
    examples: [
      { from: '+12125550123', to: '+12025550100', body: 'STOP' },
      { messageId: '42', body: 'Thanks!' },
    ],
  });

export const sandboxReplied = z
  .object({ providerId: z.string(), from: z.string(), to: z.string() })
  .meta({ id: 'SandboxReplied' });

export type SandboxQuery = z.infer<typeof sandboxQuery>;
export type SandboxItem = z.infer<typeof sandboxItem>;
export type SandboxMessage = z.infer<typeof sandboxMessage>;
export type SandboxReply = z.infer<typeof sandboxReply>;
export type SandboxReplied = z.infer<typeof sandboxReplied>;
