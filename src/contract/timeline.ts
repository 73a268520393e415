// Everything that is known to have happened with one contact, as one list.
import { z } from 'zod';
import { instant, pageOf, pageQuery } from './common.js';

export const timelineKinds = ['change', 'consent', 'event', 'list', 'message', 'note', 'order', 'response', 'tag'] as const;

const kind = z.enum(timelineKinds);
const kindList = z
  .string()
  .max(200)
  .transform(listed => [...new Set(listed.split(','))])
  .pipe(z.array(kind))
  .meta({ description: `Only these kinds, with commas between: ${timelineKinds.join(', ')}`, example: 'message,response' });

export const timelineQuery = z.strictObject({ ...pageQuery, kinds: kindList.optional() });

export const timelineEntry = z
  .object({
    kind,
    id: z.string().meta({ description: 'Unique within its kind', example: '42' }),
    at: instant,
    name: z.string().meta({
      description:
        'What happened: the name of an event, `granted` or `withdrawn`, the state of an order or message, the kind of a response, the list or ' +
        'tag that was joined, `written`, or the action of the audit trail',
      example: 'delivered',
    }),
    details: z.record(z.string(), z.unknown()).meta({
      description: 'What else is known of it, by kind; of a message its campaign, and why it was refused or failed',
      example: { channel: 'sms', dispatchId: '42', dispatch: 'Autumn sale', refusal: null },
    }),
  })
  .meta({ id: 'TimelineEntry' });
export const timelinePage = pageOf(timelineEntry).meta({ id: 'TimelinePage' });

export type TimelineKind = z.infer<typeof kind>;
export type TimelineQuery = z.infer<typeof timelineQuery>;
export type TimelineEntry = z.infer<typeof timelineEntry>;
