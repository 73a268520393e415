// What is wrong or unwise in a message, told before it is saved.
import { z } from 'zod';
import { lintedContent } from './templates.js';

export const lintTemplate = lintedContent.meta({
  id: 'LintTemplate',
  examples: [{ channel: 'sms', class: 'marketing', body: 'Hi {{firstName}}, 20% off until Sunday: https://bit.ly/x' }],
});

export const finding = z
  .object({
    severity: z.enum(['error', 'warning']).meta({ description: 'An error refuses the message when it is saved' }),
    code: z.enum([
      'invalid',
      'no-fallback',
      'unknown-attribute',
      'archived-attribute',
      'no-unsubscribe',
      'no-alt',
      'no-https',
      'relative-link',
      'link-shortener',
      'long-subject',
      'no-preheader',
      'clipped',
      'many-parts',
      'not-gsm7',
    ]),
    message: z.string(),
    pointer: z.string().meta({ example: '/body' }),
    line: z.number().int().nullable(),
    column: z.number().int().nullable(),
  })
  .meta({ id: 'LintFinding' });
export const lintResult = z.object({ findings: z.array(finding) }).meta({ id: 'LintResult' });

export type LintTemplate = z.infer<typeof lintTemplate>;
export type Finding = z.infer<typeof finding>;
export type LintResult = z.infer<typeof lintResult>;
