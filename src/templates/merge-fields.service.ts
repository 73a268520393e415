/** The merge fields that a template uses, and how many people of the workspace or of an audience miss each. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { allows } from '../accounts/scopes.js';
import { loadAttributes } from '../contacts/attributes/registry.js';
import { audienceTables } from '../contacts/audience-tables.js';
import { countMissing, type MissingRow } from '../contacts/missing-facts.sql.js';
import type { MergeFields } from '../contract/merge-fields.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';
import { BoundedReads } from '../platform/database/bounded-reads.js';
import { Database } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { describeField } from './describe-field.js';
import { usedFields } from './field-uses.js';
import { sendFields } from './merge-fields.js';
import { readTemplate } from './read-template.js';
import { sourceOf } from './template-views.js';
import { selectLocales, type VersionRow } from './templates.sql.js';

@Injectable()
export class MergeFieldsService {
  constructor(
    private readonly db: Database,
    private readonly reads: BoundedReads,
  ) {}

  /** `audience` is a condition on `c`; without it, all contacts. Numbers of contacts are for those who may read them. */
  async read(
    { workspaceId, scopes }: Actor,
    id: string,
    locale: string | undefined,
    audience: Sql = sql`true`,
  ): Promise<MergeFields> {
    const uses = usedFields(await this.wordsOf(workspaceId, id, locale));
    const registry = await loadAttributes(this.db, workspaceId);
    const counted = [...uses.keys()].filter(field => !sendFields.includes(field));
    const mayCount = allows(scopes, 'contacts:read') || allows(scopes, 'segments:read');
    const row = mayCount
      ? await this.reads.run(audienceTables, tx => tx.row<MissingRow>(countMissing(workspaceId, counted, registry, audience)))
      : null;
    const missing = new Map(counted.map((field, i) => [field, row ? Number(row.missing[i]) : null]));
    return {
      contacts: row ? Number(row.contacts) : null,
      fields: [...uses].map(([field, hasFallback]) => ({
        ...describeField(field, registry),
        hasFallback,
        missing: missing.get(field) ?? null,
      })),
    };
  }

  private async wordsOf(workspaceId: WorkspaceId, id: string, locale: string | undefined) {
    const { version } = await readTemplate(this.db, workspaceId, id);
    const rows = await this.db.rows<VersionRow>(selectLocales(workspaceId, id, version));
    const wanted = locale === undefined ? rows : rows.filter(row => row.locale === locale);
    if (wanted.length === 0) throw notFound(`language ${locale} of template`, id);
    return wanted.map(row => ({ fields: row.fields, source: sourceOf(row) }));
  }
}
