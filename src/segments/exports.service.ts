/** The export of a rule or a saved segment. It stands here because contacts know no rules; the columns and the reading are theirs. */
import { Injectable, type StreamableFile } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { audienceTables } from '../contacts/audience-tables.js';
import { chosenColumns } from '../contacts/export/columns.js';
import { ContactExporter } from '../contacts/export/contact-exporter.js';
import type { ExportContacts } from '../contract/exports.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { counter } from '../platform/metrics.js';
import { Statistics } from '../platform/database/statistics.js';
import { Downloads } from '../platform/http/download.js';
import { SegmentsService } from './segments.service.js';

const exportsBegun = counter('muster_exports_total', 'Exports of contacts that began.');

@Injectable()
export class ExportsService {
  private readonly downloads: Downloads;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly segments: SegmentsService,
    private readonly statistics: Statistics,
    private readonly exporter: ContactExporter,
  ) {
    this.downloads = new Downloads(Math.max(1, Math.floor((db.pool.options.max ?? 10) / 3)));
  }

  /** Written to the audit trail before the first row leaves. */
  async contacts(actor: Actor, wanted: ExportContacts): Promise<StreamableFile> {
    this.downloads.requirePlace();
    const columns = wanted.columns ? chosenColumns(wanted.columns) : null;
    const rule = await this.segments.wantedRule(actor.workspaceId, wanted);
    const condition = await this.segments.compile(actor.workspaceId, rule, this.clock.now());
    await this.statistics.freshen(audienceTables);
    const target = wanted.segmentId === undefined ? null : `segment:${wanted.segmentId}`;
    await audit(this.db, actor, 'contacts.exported', target, { rule, columns: wanted.columns ?? 'usual' });
    exportsBegun.inc();
    return this.downloads.csv('contacts.csv', this.exporter.lines(actor.workspaceId, condition, columns));
  }
}
