/** Who would be in it: an exact count, who of them can be reached, and some of them to look at. Never writes. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { allows } from '../accounts/scopes.js';
import { audienceTables } from '../contacts/audience-tables.js';
import type { PreviewSegment, SegmentPreview } from '../contract/segments.js';
import { describe } from '../domain/segment/describe.js';
import { type Language, phrasesOf } from '../domain/segment/languages.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { HeavyReads } from '../platform/database/heavy-reads.js';
import { Statistics } from '../platform/database/statistics.js';
import { AppError } from '../platform/errors.js';
import { histogram } from '../platform/metrics.js';
import { previewAudience, type PreviewRow, previewSettings, sampleContacts } from './segments.sql.js';
import { SegmentsService } from './segments.service.js';

const previewSeconds = histogram(
  'muster_segment_preview_seconds',
  'How long counting a rule took, with its wait for a turn.',
  [],
  [0.05, 0.25, 1, 5, 30],
);

const canceledCode = '57014';

type SampleRow = { id: string; first_name: string | null; last_name: string | null; city: string | null; country: string | null };

@Injectable()
export class PreviewService {
  /** Longer than any sensible rule takes at millions of contacts; an editor must not hang the database. */
  readonly timeoutMs: number = 30_000;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly statistics: Statistics,
    private readonly heavy: HeavyReads,
  ) {}

  async preview(actor: Actor, wanted: PreviewSegment, language: Language): Promise<SegmentPreview> {
    const { rule, names } = await this.segments.resolve(actor.workspaceId, wanted);
    const condition = await this.segments.compile(actor.workspaceId, rule, this.clock.now());
    const startedAt = performance.now();
    const sampleSize = allows(actor.scopes, 'contacts:read') ? wanted.sampleSize : 0;
    const { row, sample } = await this.bounded(async tx => {
      const row = await tx.row<PreviewRow>(previewAudience(actor.workspaceId, condition, sampleSize, wanted.topic));
      if (!row) throw new Error('a count without a row');
      return { row, sample: await tx.rows<SampleRow>(sampleContacts(actor.workspaceId, row.sample_ids)) };
    });
    const milliseconds = performance.now() - startedAt;
    previewSeconds.observe(milliseconds / 1000);
    return {
      count: Number(row.count),
      reachable: { sms: Number(row.sms), email: Number(row.email) },
      sample: sample.map(toSample),
      summary: describe(rule, names, phrasesOf(language)),
      milliseconds: Math.round(milliseconds),
    };
  }

  /** Reads what may scan a whole workspace: when its turn has come, for some seconds at most. Throws `unavailable` beyond. */
  async bounded<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    try {
      return await this.heavy.run(async () => {
        await this.statistics.freshen(audienceTables);
        return this.db.transaction(async tx => {
          await tx.run(previewSettings(this.timeoutMs));
          return work(tx);
        });
      });
    } catch (error) {
      if ((error as { code?: string }).code !== canceledCode) throw error;
      throw new AppError('unavailable', `Counting took longer than ${this.timeoutMs / 1000} s and was stopped`, [], {
        cause: error,
      });
    }
  }
}

function toSample({ first_name: firstName, last_name: lastName, ...rest }: SampleRow): SegmentPreview['sample'][number] {
  return { ...rest, firstName, lastName };
}
