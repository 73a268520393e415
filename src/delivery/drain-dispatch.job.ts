/**
 * Drains one slot of one dispatch: claim → compose → wave → send → settle, until nothing is due, the dispatch stops, or the
 * process does. Running it twice at once is safe: claims do not overlap. Retried by the queue; the sweeper rings again.
 */
import { drainDispatch } from '../messages/jobs.js';
import { LedgerService, type Claimed } from '../messages/ledger.service.js';
import { MessagesService } from '../messages/messages.service.js';
import type { WorkspaceId } from '../domain/ids.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { WorkerIdentity } from '../platform/jobs/worker-identity.js';
import type { Composed } from './compose.js';
import { ComposeService, type Desk } from './compose.service.js';
import { WaveService } from './wave.service.js';

/** Largest claim: what one drain holds in memory. */
const claimLimit = 500;
/** A paced gateway is claimed for this many seconds ahead, so that a lease never outlives its messages. */
const pacedSeconds = 20;

type Payload = { workspaceId: WorkspaceId; dispatchId: string; slot: number };

@Handles(drainDispatch)
export class DrainDispatchJob implements JobHandler<Payload> {
  constructor(
    private readonly ledger: LedgerService,
    private readonly messages: MessagesService,
    private readonly composer: ComposeService,
    private readonly waves: WaveService,
    private readonly worker: WorkerIdentity,
  ) {}

  async handle({ workspaceId, dispatchId, slot }: Payload, signal: AbortSignal): Promise<void> {
    let nextDue: Date | null = null;
    while (!signal.aborted && this.worker.isHeld) {
      const dispatch = await this.messages.getDispatch(workspaceId, dispatchId);
      if (dispatch.state !== 'sending') return;
      const desk = await this.composer.open(dispatch);
      const { claimed, refused } = await this.ledger.claim(dispatch, slot, limitFor(desk));
      if (claimed.length === 0 && refused === 0) break;
      const due = await this.sendClaim(desk, slot, claimed, signal);
      if (due && (!nextDue || due < nextDue)) nextDue = due;
    }
    if (nextDue) await this.ledger.ringDrainAt(workspaceId, dispatchId, slot, nextDue);
    await this.ledger.finishIfDrained(workspaceId, dispatchId);
  }

  /** Sends one claim in waves; what could not go is put back. Returns when the earliest put-back message is due again. */
  private async sendClaim(desk: Desk, slot: number, claimed: Claimed[], signal: AbortSignal): Promise<Date | null> {
    const { composed, refusals } = await this.composer.compose(desk, claimed);
    await this.ledger.settle(desk.dispatch, slot, refusals);
    let rest: Composed[] = composed;
    let nextDue: Date | null = null;
    while (rest.length > 0) {
      const wave = await this.waves.send(desk, slot, rest, signal);
      if (wave.stopped) {
        await this.ledger.putBack(
          desk.dispatch,
          slot,
          rest.map(message => message.contactId),
        );
        break;
      }
      rest = rest.slice(wave.taken);
      if (wave.nextDue && (!nextDue || wave.nextDue < nextDue)) nextDue = wave.nextDue;
    }
    return nextDue;
  }
}

function limitFor({ gateway }: Desk): number {
  return gateway.unitsPerSecond === null ? claimLimit : Math.min(claimLimit, Math.max(1, gateway.unitsPerSecond * pacedSeconds));
}
