/** Who would be in it: an exact count, who of them can be reached, and some of them to look at. Never writes. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { allows } from '../accounts/scopes.js';
import { audienceTables } from '../contacts/audience-tables.js';
import type { PreviewSegment, SegmentPreview } from '../contract/segments.js';
import { describe } from '../domain/segment/describe.js';
import { type Language, phrasesOf } from '../domain/segment/languages.js';
import { Clock } from '../platform/clock.js';
import { BoundedReads } from '../platform/database/bounded-reads.js';
import { histogram } from '../platform/metrics.js';
import { previewAudience, type PreviewRow, sampleContacts } from './segments.sql.js';
import { SegmentsService } from './segments.service.js';

const previewSeconds = histogram(
  'muster_segment_preview_seconds',
  'How long counting a rule took, with its wait for a turn.',
  [],
  [0.05, 0.25, 1, 5, 30],
);

type SampleRow = { id: string; first_name: string | null; last_name: string | null; city: string | null; country: string | null };

@Injectable()
export class PreviewService {
  constructor(
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly reads: BoundedReads,
  ) {}

  async preview(actor: Actor, wanted: PreviewSegment, language: Language): Promise<SegmentPreview> {
    const { rule, names } = await this.segments.resolve(actor.workspaceId, wanted);
    const condition = await this.segments.compile(actor.workspaceId, rule, this.clock.now());
    const startedAt = performance.now();
    const sampleSize = allows(actor.scopes, 'contacts:read') ? wanted.sampleSize : 0;
    const { row, sample } = await this.reads.run(audienceTables, async tx => {
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
}

function toSample({ first_name: firstName, last_name: lastName, ...rest }: SampleRow): SegmentPreview['sample'][number] {
  return { ...rest, firstName, lastName };
}
