/**
 * Drains one slot of one dispatch, one turn at a time: look → compose → claim a wave → send → settle, then rings for the next turn.
 * Running it twice at once is safe: a message is claimed once. Retried by the queue; the sweeper rings again.
 */
import { GatewayError } from '../gateways/gateway-error.js';
import type { Dispatch } from '../messages/dispatch.js';
import { drainDispatch } from '../messages/jobs.js';
import { LedgerService } from '../messages/ledger.service.js';
import { MessagesService } from '../messages/messages.service.js';
import type { WorkspaceId } from '../domain/ids.js';
import { AppError } from '../platform/errors.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { WorkerIdentity } from '../platform/jobs/worker-identity.js';
import type { Draft } from './compose.js';
import { ComposeService, type Desk } from './compose.service.js';
import { PaceService } from './pace.service.js';
import { WaveService } from './wave.service.js';

/** Largest turn: how long others wait for one that has begun, and what a drain holds in memory. */
const turnLimit = 1_000;
/** A turn is this many windows of the gateway: one that takes little at once shall not keep others waiting for long. */
const windowsInTurn = 2;
type Payload = { workspaceId: WorkspaceId; dispatchId: string; slot: number };

@Handles(drainDispatch)
export class DrainDispatchJob implements JobHandler<Payload> {
  constructor(
    private readonly ledger: LedgerService,
    private readonly messages: MessagesService,
    private readonly composer: ComposeService,
    private readonly waves: WaveService,
    private readonly pace: PaceService,
    private readonly worker: WorkerIdentity,
  ) {}

  async handle({ workspaceId, dispatchId, slot }: Payload, signal: AbortSignal): Promise<void> {
    if (signal.aborted || !this.worker.isHeld) return;
    const dispatch = await this.messages.getDispatch(workspaceId, dispatchId);
    if (dispatch.state !== 'sending') return;
    const desk = await this.openDesk(dispatch);
    if (!desk) return;
    const room = await this.pace.room(workspaceId, desk.gateway);
    if ('lookAgainAt' in room) return this.ledger.ringDrain(workspaceId, dispatchId, slot, room.lookAgainAt);
    const limit = Math.min(turnLimit, windowsInTurn * desk.gateway.windowSize, room.messages);
    const due = await this.ledger.listDue(dispatch, slot, limit);
    const nextDue = await this.sendWaves(desk, slot, await this.composer.compose(desk, due), signal);
    // One turn a job, then to the end of the queue: a large campaign never keeps a small one waiting.
    if (due.length === limit) await this.ledger.ringDrain(workspaceId, dispatchId, slot, null);
    else if (nextDue) await this.ledger.ringDrain(workspaceId, dispatchId, slot, nextDue);
    else await this.ledger.finishIfDrained(workspaceId, dispatchId);
  }

  /** Null when nothing can be sent as things are (the gateway has no readable secret, say): the dispatch pauses and says why. */
  private async openDesk(dispatch: Dispatch): Promise<Desk | null> {
    try {
      return await this.composer.open(dispatch);
    } catch (error) {
      if (!(error instanceof GatewayError) && !(error instanceof AppError)) throw error;
      await this.ledger.pauseItself(dispatch.workspaceId, dispatch.id, error.message);
      return null;
    }
  }

  /** Returns when the earliest message that is to be tried again is due. What no wave took stays planned. */
  private async sendWaves(desk: Desk, slot: number, drafts: readonly Draft[], signal: AbortSignal): Promise<Date | null> {
    let nextDue: Date | null = null;
    for (let rest = drafts; rest.length > 0;) {
      const wave = await this.waves.send(desk, slot, rest, signal);
      if (wave.nextDue && (!nextDue || wave.nextDue < nextDue)) nextDue = wave.nextDue;
      if (wave.stopped) break;
      rest = rest.slice(wave.taken);
    }
    return nextDue;
  }
}
