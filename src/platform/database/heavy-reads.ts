/**
 * Room for questions that scan a whole workspace (previews, plans): a few at a time, the others wait their turn, so that however
 * many are asked, the rest of the API, the workers and the health checks still get their connections.
 */
import { Injectable } from '@nestjs/common';
import { Config } from '../config.js';
import { AppError } from '../errors.js';

/** Whoever comes when so many wait would wait longer than anybody holds a request open. */
const maxWaiting = 50;

@Injectable()
export class HeavyReads {
  private readonly most: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(config: Config) {
    this.most = Math.max(1, Math.floor(config.databasePool / 3));
  }

  /** Throws `unavailable` when too many wait already. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.turn();
    try {
      return await work();
    } finally {
      // The turn is handed on; only when nobody waits does a place become free.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  private async turn(): Promise<void> {
    if (this.running < this.most) return void this.running++;
    if (this.waiting.length >= maxWaiting)
      throw new AppError('unavailable', 'Too many previews and plans at once; try again when some have ended');
    await new Promise<void>(resolve => this.waiting.push(resolve));
  }
}
