/**
 * The life of a campaign (what the marketer sees) and of a dispatch (one run of it, what workers drain). Draft is where
 * a campaign is edited; a dispatch begins with freezing its audience.
 */
import { defineStates } from '../state-machine.js';

const campaignTransitions = {
  draft: ['scheduled', 'launching', 'canceled'],
  scheduled: ['draft', 'launching', 'canceled'],
  /** The audience is being frozen. `done` at once when nobody matched. */
  launching: ['sending', 'done', 'paused', 'canceled', 'failed'],
  sending: ['paused', 'done', 'canceled'],
  paused: ['sending', 'canceled'],
  /** The launch broke before any message was planned for good; it may be launched again. */
  failed: ['launching', 'canceled'],
  /** Sends again only when an operator retries failed messages. */
  done: ['sending'],
  canceled: [],
} as const;

export type CampaignState = keyof typeof campaignTransitions;
export const campaignStates = defineStates(campaignTransitions);

const dispatchTransitions = {
  freezing: ['sending', 'done', 'canceled', 'failed'],
  sending: ['paused', 'done', 'canceled'],
  paused: ['sending', 'canceled'],
  failed: ['freezing', 'canceled'],
  /** Opens again only when an operator retries failed messages. */
  done: ['sending'],
  canceled: [],
} as const;

export type DispatchState = keyof typeof dispatchTransitions;
export const dispatchStates = defineStates(dispatchTransitions);
