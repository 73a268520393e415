/** "Segment": being in another saved segment, or not. definitions.ts gives the rule behind it. */
import { z } from 'zod';
import { id } from '../../scalars.js';

export const segmentRule = z
  .strictObject({ kind: z.literal('segment'), segmentId: id, in: z.boolean() })
  .meta({ id: 'SegmentInRule', examples: [{ kind: 'segment', segmentId: '7', in: true }] });

export type SegmentRule = z.infer<typeof segmentRule>;
