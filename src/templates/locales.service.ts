/** A template in other languages. Writing or removing one makes a new version, in which the others stay as they are. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { LocaleContent, TemplateLocaleView } from '../contract/templates.js';
import type { WorkspaceId } from '../domain/ids.js';
import { canonicalLocale } from '../domain/template/locales.js';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { conflict, invalid, notFound } from '../platform/errors.js';
import { checkContent } from './content-check.js';
import { lockForChange, readTemplate } from './read-template.js';
import { createdSource, toLocaleView, writtenSource } from './template-views.js';
import * as statements from './templates.sql.js';
import type { TemplateRow, VersionRow } from './templates.sql.js';
import { vocabularyFor } from './vocabulary.js';

/** Every language is compiled and kept in memory while it is sent. */
const maxLocales = 100;

@Injectable()
export class LocalesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async get(workspaceId: WorkspaceId, id: string, tag: string): Promise<TemplateLocaleView> {
    const template = await readTemplate(this.db, workspaceId, id);
    return toLocaleView(template, await readLocale(this.db, workspaceId, id, template.version, known(tag)));
  }

  /** The same words again make no version, unless the default changed since: then they say that they still fit. */
  async put(actor: Actor, id: string, tag: string, wanted: LocaleContent): Promise<TemplateLocaleView> {
    const { workspaceId, name: by } = actor;
    const locale = known(tag);
    await this.db.transaction(async tx => {
      const template = await lockForChange(tx, workspaceId, id);
      if (wanted.channel !== template.channel) throw invalid('/channel', `This is a template for ${template.channel}`);
      const rows = await tx.rows<VersionRow>(statements.selectLocales(workspaceId, id, template.version));
      const old = rows.find(row => row.locale === locale);
      if (!old && rows.length > maxLocales) throw conflict(`A template has at most ${maxLocales} languages`);
      const source = createdSource(wanted);
      const content = await checkContent(source, await vocabularyFor(tx, workspaceId, source));
      if (old && isSame(writtenSource(old), source) && !isBehind(template, locale)) return;
      const now = this.clock.now();
      const version = template.version + 1;
      await tx.run(statements.copyLocales(workspaceId, id, template.version, locale, by, now));
      await tx.run(statements.insertVersion(workspaceId, id, { version, locale, content }, by, now));
      await tx.run(statements.updateTemplate(workspaceId, id, template.name, version, now));
      await audit(tx, actor, 'template.updated', `template:${id}`, { version, locale });
    });
    return this.get(workspaceId, id, locale);
  }

  async remove(actor: Actor, id: string, tag: string): Promise<void> {
    const { workspaceId, name: by } = actor;
    const locale = known(tag);
    await this.db.transaction(async tx => {
      const template = await lockForChange(tx, workspaceId, id);
      await readLocale(tx, workspaceId, id, template.version, locale);
      const now = this.clock.now();
      const version = template.version + 1;
      await tx.run(statements.copyLocales(workspaceId, id, template.version, locale, by, now));
      await tx.run(statements.updateTemplate(workspaceId, id, template.name, version, now));
      await audit(tx, actor, 'template.updated', `template:${id}`, { version, removedLocale: locale });
    });
  }
}

function known(tag: string): string {
  const locale = canonicalLocale(tag);
  if (locale === null || locale === statements.defaultLocale)
    throw invalid('/locale', 'Name a language: the default content is changed with PATCH on the template');
  return locale;
}

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
const isBehind = (template: TemplateRow, tag: string): boolean =>
  template.locales.some(({ locale, isBehind }) => locale === tag && isBehind);

async function readLocale(
  db: Queryable,
  workspaceId: WorkspaceId,
  id: string,
  version: number,
  locale: string,
): Promise<VersionRow> {
  const rows = await db.rows<VersionRow>(statements.selectLocales(workspaceId, id, version));
  const row = rows.find(candidate => candidate.locale === locale);
  if (!row) throw notFound(`language ${locale} of template`, id);
  return row;
}
