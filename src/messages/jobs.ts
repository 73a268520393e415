// The ledger's doorbells: declared here, handled where the verb lives.
import { z } from 'zod';
import { workspaceId } from '../domain/scalars.js';
import { defineJob } from '../platform/jobs/define-job.js';

/** What a slot rings with from its second turn on: after the first turns of all others. */
export const laterTurn = 64;

/**
 * Send what is due in one slot of one dispatch; handled by delivery. `turn` is the slot's place among those rung for together: the first
 * slots of everybody go first, so a campaign of three people does not wait until one of millions has gone round.
 */
export const drainDispatch = defineJob({
  name: 'dispatch.drain',
  queue: 'send',
  payload: z.object({ workspaceId, dispatchId: z.string(), slot: z.number().int(), turn: z.number().int().min(0) }),
  attempts: 5,
  backoffMs: 500,
  // However often the sweeper rings, the queue holds a slot once: a long campaign does not grow a queue that others wait in.
  once: ({ dispatchId, slot }) => `${dispatchId}.${slot}`,
  priority: ({ turn }) => turn + 1,
});

/** Look after a dispatch whose messages are unknown: resend where the policy allows, ask the provider where it can be asked; handled by delivery. */
export const resolveUnknown = defineJob({
  name: 'dispatch.resolve-unknown',
  queue: 'track',
  payload: z.object({ workspaceId, dispatchId: z.string() }),
  attempts: 3,
  backoffMs: 2_000,
  once: ({ dispatchId }) => dispatchId,
});

/** A dispatch has ended or paused itself; whoever launched it follows. Handled by campaigns. */
export const dispatchFinished = defineJob({
  name: 'dispatch.finished',
  queue: 'track',
  payload: z.object({ workspaceId, dispatchId: z.string() }),
  attempts: 5,
  backoffMs: 1_000,
});
