/**
 * Live progress. While anybody listens, this process asks once a second where all listened-to campaigns stand, in one statement over the
 * tallies; so the send path pays nothing, it does not matter which process sends, and a thousand listeners cost what one costs.
 */
import { type BeforeApplicationShutdown, Injectable, type StreamableFile } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { CampaignReport } from '../contract/campaigns.js';
import type { CampaignState } from '../domain/campaign/states.js';
import { Database } from '../platform/database/database.js';
import { AppError, notFound } from '../platform/errors.js';
import { EventStream, type ServerEvent } from '../platform/http/event-stream.js';
import { ReadyAnswer } from '../platform/http/wire-answer.js';
import { Logs } from '../platform/log.js';
import { type CampaignKey, selectStandings, type Standing, toCampaignReport } from './report.js';

const periodMs = 1_000;
/** Listeners of one process; each holds a socket. */
const maxListeners = 2_000;

/** While a campaign is in one of these, something goes on or will by itself. */
const lively: readonly CampaignState[] = ['scheduled', 'launching', 'sending', 'paused'];

/** `heard`: the id of the last event each stream was given. */
type Watched = CampaignKey & { heard: Map<EventStream, string> };

@Injectable()
export class ProgressService implements BeforeApplicationShutdown {
  private readonly watched = new Map<string, Watched>();
  private listeners = 0;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly db: Database,
    private readonly logs: Logs,
  ) {}

  /** Streams end here, so that no open page holds up a shutdown; their clients ask again, another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    for (const { heard } of this.watched.values()) for (const stream of heard.keys()) stream.finish();
    await this.polling;
  }

  /** `lastHeard`: the id of the event the client had before its connection broke; it is not told the same again. */
  async follow(campaign: CampaignKey, lastHeard: string | undefined): Promise<StreamableFile> {
    const standing = await this.db.row<Standing>(selectStandings([campaign]));
    if (!standing) throw notFound('campaign', campaign.id);
    const event = toEvent(toCampaignReport(standing));
    // A browser that was told the end asks again all the same; 204 tells it to stop.
    if (event.name === 'end' && event.id === lastHeard) throw new ReadyAnswer({ status: 204, contentType: null, body: null }, {});
    if (this.listeners >= maxListeners || this.isStopping)
      throw new AppError('unavailable', 'Too many listen already; try again later');
    const stream = new EventStream();
    this.add(campaign, stream, lastHeard ?? '');
    this.tell(campaign, event);
    return stream.toFile();
  }

  private add(campaign: CampaignKey, stream: EventStream, lastHeard: string): void {
    const name = nameOf(campaign);
    const watched = this.watched.get(name) ?? { ...campaign, heard: new Map() };
    this.watched.set(name, watched);
    watched.heard.set(stream, lastHeard);
    this.listeners++;
    stream.once('close', () => {
      this.listeners--;
      watched.heard.delete(stream);
      if (watched.heard.size === 0) this.watched.delete(name);
    });
    this.schedule();
  }

  /** Only those who have not heard it yet. */
  private tell(campaign: CampaignKey, event: ServerEvent): void {
    const heard = this.watched.get(nameOf(campaign))?.heard ?? new Map<EventStream, string>();
    for (const [stream, lastHeard] of heard) {
      if (lastHeard !== event.id) stream.offer(event);
      heard.set(stream, event.id);
      if (event.name === 'end') stream.finish();
    }
  }

  private schedule(): void {
    if (this.timer !== undefined || this.isStopping || this.watched.size === 0) return;
    this.timer = setTimeout(() => {
      this.polling = this.poll().finally(() => {
        this.timer = undefined;
        this.schedule();
      });
    }, periodMs);
  }

  /** A database that is away for a moment costs a moment of news; whoever listens hears the rest. */
  private async poll(): Promise<void> {
    try {
      for (const standing of await this.db.rows<Standing>(selectStandings([...this.watched.values()])))
        this.tell(standing, toEvent(toCampaignReport(standing)));
    } catch (error) {
      this.logs.log.warn({ err: error }, 'progress could not be read');
    }
  }
}

const nameOf = ({ workspaceId, id }: CampaignKey): string => `${workspaceId}:${id}`;

/** Its id is made from what it says: what is the same has the same id, whichever process tells it. */
function toEvent(report: CampaignReport): ServerEvent {
  const data = JSON.stringify(report);
  const isOpen = report.dispatches.some(({ planned, inFlight }) => planned + inFlight > 0);
  const name = lively.includes(report.state) || isOpen ? 'progress' : 'end';
  return { id: createHash('sha256').update(data).digest('base64url').slice(0, 16), name, data };
}
