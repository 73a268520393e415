// How long a workspace keeps what it need not keep for ever. Suppressions, consents and tallies are not in it: they are never deleted.
import { z } from 'zod';

/** Days kept when a workspace says nothing (null: for ever), and the least that may be said. */
export const retentionRules = {
  events: { days: null, least: 1, about: 'What contacts did; orders stay' },
  messages: {
    days: null,
    least: 30,
    about: 'Addresses, merge values and provider texts of ended dispatches; rows, states and reports stay',
  },
  messageEvents: { days: null, least: 30, about: 'Single replies, unsubscribes and other answers; their counts stay in reports' },
  callbacks: { days: 30, least: 3, about: 'What providers posted, raw, once it was applied' },
  audit: { days: null, least: 90, about: 'The audit trail' },
  importRejects: { days: 90, least: 1, about: 'Rejected rows of imports; their number stays' },
  sandboxMessages: { days: 90, least: 1, about: 'Mailbox and phones of the sandbox' },
} as const;

export type RetentionSubject = keyof typeof retentionRules;
export const retentionSubjects = Object.keys(retentionRules) as RetentionSubject[];

const longest = 36_500;

const shape = <Value extends z.ZodType>(valueOf: (subject: RetentionSubject) => Value) =>
  Object.fromEntries(retentionSubjects.map(subject => [subject, valueOf(subject)])) as Record<RetentionSubject, Value>;

const days = (subject: RetentionSubject) =>
  z
    .number()
    .int()
    .min(retentionRules[subject].least)
    .max(longest)
    .nullable()
    .meta({ description: `Days. ${retentionRules[subject].about}. null: for ever` });

export const retentionView = z.object(shape(days)).meta({ id: 'Retention' });
export const updateRetention = z
  .strictObject(shape(subject => days(subject).optional()))
  .meta({ id: 'UpdateRetention', examples: [{ events: 730, messages: 400, audit: null }] });
export const retentionPlan = z
  .object(shape(() => z.number().int()))
  .meta({ id: 'RetentionPlan', description: 'Rows that the settings as they are would let go now' });

export type RetentionView = Record<RetentionSubject, number | null>;
export type UpdateRetention = Partial<RetentionView>;
export type RetentionPlan = Record<RetentionSubject, number>;
