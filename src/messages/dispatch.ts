/** A dispatch row as TypeScript sees it, and how it is read. */
import type { DispatchState } from '../domain/campaign/states.js';
import type { Variant } from '../domain/campaign/variants.js';
import type { Channel, DispatchId, WorkspaceId } from '../domain/ids.js';

/** From whom: SMS uses `from`; email uses the other three. */
export type Sender = { from?: string; fromName?: string; fromAddress?: string; replyTo?: string };

/** A variant as a dispatch keeps it. */
export type PinnedVariant = Variant & { templateVersion: number };

export type NewDispatch = {
  /** What templates may show as campaignName. */
  name: string;
  sourceKind: 'campaign' | 'automation';
  sourceId: string;
  step?: number;
  channel: Channel;
  class: 'marketing' | 'transactional';
  topic: string;
  templateId: string;
  templateVersion: number;
  /** Each with the version it is pinned to; without any, everybody gets the dispatch's own template. */
  variants?: PinnedVariant[];
  gatewayId: string;
  sender: Sender;
  /** What to do with a message whose fate nobody can tell: email may go out once more with the same Message-ID, SMS never. */
  resendPolicy: 'never' | 'once';
  sendAfter: Date;
  endsAt: Date | null;
  audience: { include: string[]; exclude: string[] };
};

export type Dispatch = NewDispatch & {
  workspaceId: WorkspaceId;
  id: DispatchId;
  step: number;
  variants: PinnedVariant[];
  state: DispatchState;
  stateReason: string | null;
  matched: number | null;
  errorStreak: number;
  createdAt: Date;
  frozenAt: Date | null;
  finishedAt: Date | null;
};

export type DispatchView = Pick<Dispatch, 'id' | 'state' | 'stateReason' | 'matched' | 'createdAt' | 'frozenAt' | 'finishedAt'>;

type Pinned = { templateId: string; templateVersion: number };

/** What a message of this variant says; of a message without one, what the dispatch says. */
export function templateOf(dispatch: Pinned & { variants: readonly PinnedVariant[] }, variant: string | null): Pinned {
  return dispatch.variants.find(({ name }) => name === variant) ?? dispatch;
}
