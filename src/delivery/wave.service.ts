/**
 * One wave: take places in the gateway's window and units of its pace, claim the rows as `sending`, send them all, settle
 * them in bulk. Only rows of a wave can ever become unknown.
 */
import { Injectable } from '@nestjs/common';
import type { OpenGateway } from '../gateways/open-gateway.js';
import { type ClaimedWave, LedgerService } from '../messages/ledger.service.js';
import type { Moved } from '../messages/move.sql.js';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { counter, histogram } from '../platform/metrics.js';
import type { Composed, Draft } from './compose.js';
import type { Desk } from './compose.service.js';
import { GatewayWindow } from './gateway-window.js';
import { asGatewayError, consequences, type Sent, streakLimit, toMove } from './outcomes.js';
import { OptOutsService } from './opt-outs.service.js';
import { PaceService, rateOf } from './pace.service.js';

const outcomes = counter('muster_messages_total', 'Messages by channel and what became of their try.', ['channel', 'outcome']);
const tries = counter(
  'muster_gateway_tries_total',
  'Tries to hand a message to a gateway: accepted, or the class of its error.',
  ['gateway', 'outcome'],
);
const waveSeconds = histogram(
  'muster_gateway_wave_seconds',
  'From the first message of a wave to the last answer.',
  ['gateway'],
  [0.01, 0.05, 0.25, 1, 5, 30],
);

/** `taken` messages were dealt with; `stopped`: the dispatch, the process or the gateway stops and nothing of the rest may go. */
export type WaveResult = { taken: number; stopped: boolean; nextDue: Date | null };

/** Below this many messages the transactions of a wave cost more than its messages. */
const worthwhileWave = 100;
/** In shares of a drain: what is left over goes along, rather than as a small wave of its own. */
const widestWave = 1.25;

const nothingSent: WaveResult = { taken: 0, stopped: true, nextDue: null };
const nothingClaimed: ClaimedWave = { attempts: new Map(), refused: 0 };

@Injectable()
export class WaveService {
  private readonly windows = new Map<string, GatewayWindow>();

  constructor(
    private readonly ledger: LedgerService,
    private readonly pace: PaceService,
    private readonly optOuts: OptOutsService,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async send(desk: Desk, slot: number, rest: readonly Draft[], signal: AbortSignal): Promise<WaveResult> {
    const window = this.windowOf(desk.gateway);
    const places = await window.take(this.waveSize(desk.gateway, rest.length));
    try {
      return await this.sendWave(desk, slot, rest.slice(0, places), signal);
    } finally {
      window.give(places);
    }
  }

  private async sendWave(desk: Desk, slot: number, wave: readonly Draft[], signal: AbortSignal): Promise<WaveResult> {
    const { dispatch, gateway } = desk;
    const rate = rateOf(gateway);
    if (rate && !(await this.pace.reserve(dispatch.workspaceId, rate, unitsOf(wave), signal))) return nothingSent;
    const { attempts, refused } = signal.aborted ? nothingClaimed : await this.ledger.claimWave(dispatch, slot, gateway.id, wave);
    const going = wave.filter((draft): draft is Composed => draft.refusal === null && attempts.has(draft.contactId));
    // From the claim to the settle nothing is awaited but the answers: what fails in between leaves a wave unknown.
    const sent = await sendAll(gateway, going, attempts);
    const moved = await this.settle(desk, slot, sent);
    if (rate) await this.pace.giveBack(dispatch.workspaceId, rate, unitsOf(wave) - unitsOf(going));
    const stopped = going.length === 0 ? refused === 0 : await this.followThrottling(desk, sent);
    return { taken: wave.length, stopped, nextDue: earliest(moved) };
  }

  private async settle(desk: Desk, slot: number, sent: readonly Sent[]): Promise<Moved[]> {
    const { dispatch } = desk;
    const now = this.clock.now();
    const moved = await this.ledger.settle(
      dispatch,
      slot,
      sent.map(message => toMove(message, now)),
    );
    for (const [outcome, count] of countBy(moved, row => row.state)) outcomes.inc({ channel: dispatch.channel, outcome }, count);
    await this.followErrors(desk, sent);
    return moved;
  }

  /**
   * True when the gateway needs a rest: it throttled at least half of a wave. Fewer are the limits of single recipients or domains,
   * who alone wait.
   */
  private async followThrottling({ dispatch, gateway }: Desk, sent: readonly Sent[]): Promise<boolean> {
    const throttled = sent.flatMap(message => ('error' in message && message.error.kind === 'throttled' ? [message.error] : []));
    if (throttled.length === 0 || throttled.length * 2 < sent.length) return false;
    const waits = throttled.flatMap(error => error.retryAfterMs ?? []);
    await this.pace.rest(dispatch.workspaceId, gateway.id, waits.length > 0 ? Math.max(...waits) : undefined);
    return true;
  }

  /** Suppressions, the error streak, and the dispatch that pauses itself. */
  private async followErrors({ dispatch, gateway }: Desk, sent: readonly Sent[]): Promise<void> {
    const errors = sent.flatMap(message => ('error' in message ? [{ ...message, ...consequences[message.error.kind] }] : []));
    for (const { address, suppress } of errors) if (suppress) await this.optOuts.record(dispatch, gateway.kind, address);
    const troubles = errors.filter(error => error.isOurTrouble);
    const hadSuccess = sent.length > errors.length;
    if (troubles.length === 0 && !(hadSuccess && dispatch.errorStreak > 0)) return;
    const streak = await this.ledger.countErrors(dispatch.workspaceId, dispatch.id, troubles.length, hadSuccess);
    const worst = troubles.find(error => error.pause) ?? (streak >= streakLimit ? troubles[0] : undefined);
    if (worst)
      await this.ledger.pauseItself(dispatch.workspaceId, dispatch.id, `The gateway refuses to send: ${worst.error.message}`);
  }

  /**
   * The drains of one process share the window evenly, so that while one settles the others send; but two waves may fill a small window, because
   * each wave is two transactions.
   */
  private waveSize(gateway: OpenGateway, left: number): number {
    const half = Math.max(1, Math.floor(gateway.windowSize / 2));
    const share = Math.max(Math.floor(gateway.windowSize / this.config.drainConcurrency), Math.min(worthwhileWave, half));
    const wave = left <= widestWave * share ? left : share;
    return gateway.unitsPerSecond === null ? wave : Math.min(wave, Math.max(1, gateway.unitsPerSecond));
  }

  private windowOf(gateway: OpenGateway): GatewayWindow {
    const known = this.windows.get(gateway.id);
    if (known?.size === gateway.windowSize) return known;
    const window = new GatewayWindow(gateway.windowSize);
    this.windows.set(gateway.id, window);
    return window;
  }
}

async function sendAll({ kind }: OpenGateway, going: readonly Composed[], attempts: ClaimedWave['attempts']): Promise<Sent[]> {
  if (going.length === 0) return [];
  const end = waveSeconds.startTimer({ gateway: kind });
  const sent = await Promise.all(going.map(message => trySend(message, attempts.get(message.contactId) ?? 1)));
  end();
  for (const [outcome, count] of countBy(sent, message => ('error' in message ? message.error.kind : 'accepted')))
    tries.inc({ gateway: kind, outcome }, count);
  return sent;
}

async function trySend({ contactId, address, send }: Composed, attempt: number): Promise<Sent> {
  try {
    return { contactId, address, attempt, accepted: await send() };
  } catch (thrown) {
    return { contactId, address, attempt, error: asGatewayError(thrown) };
  }
}

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of items.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const unitsOf = (wave: readonly Draft[]): number => wave.reduce((sum, message) => sum + message.units, 0);

function earliest(moved: readonly Moved[]): Date | null {
  const due = moved.flatMap(row => (row.state === 'planned' && row.send_after ? [row.send_after] : []));
  return due.length === 0 ? null : new Date(Math.min(...due.map(date => date.getTime())));
}
