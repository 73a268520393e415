/** Starter messages: what there is, and templates made from it in every language at once. */
import { Injectable } from '@nestjs/common';
import type { Actor } from '../accounts/actor.js';
import type { MadeTemplates, StarterView, UseStarter } from '../contract/starters.js';
import type { Channel } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { invalid, notFound } from '../platform/errors.js';
import { checkContent, type WrittenContent } from './content-check.js';
import { insertNewTemplate, type NewTemplate, unlessNameTaken } from './new-template.js';
import { fillBlanks, readStarters, type Starter, type StarterWords } from './starter-files.js';
import { TemplatesService } from './templates.service.js';
import { vocabularyFor } from './vocabulary.js';

@Injectable()
export class StartersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly templates: TemplatesService,
  ) {}

  async list(): Promise<{ data: StarterView[] }> {
    const starters = await readStarters();
    const shown = ({ locale, sms, subject, preheader, sample }: StarterWords) => ({ locale, sms, subject, preheader, sample });
    return { data: starters.map(({ words, ...starter }) => ({ ...starter, words: words.map(shown) })) };
  }

  /** All or none. */
  async use(actor: Actor, recipe: string, wanted: UseStarter): Promise<MadeTemplates> {
    const starter = (await readStarters()).find(known => known.recipe === recipe);
    if (!starter) throw notFound('starter', recipe);
    requireKnown(starter, wanted);
    const name = wanted.name ?? titleOf(recipe);
    const channels = [...new Set(wanted.channels)];
    const made = await Promise.all(channels.map(channel => this.templateOf(actor, starter, channel, name, wanted)));
    const now = this.clock.now();
    const ids = await unlessNameTaken(made.map(template => template.name).join('" or "'), () =>
      this.db.transaction(async tx => {
        const inserted: string[] = [];
        for (const template of made) inserted.push(await insertNewTemplate(tx, actor, template, now));
        return inserted;
      }),
    );
    return { templates: await Promise.all(ids.map(id => this.templates.get(actor.workspaceId, id))) };
  }

  private async templateOf(
    { workspaceId }: Actor,
    { words, blanks: standard }: Starter,
    channel: Channel,
    name: string,
    wanted: UseStarter,
  ): Promise<NewTemplate> {
    const blanks = { ...standard, ...wanted.blanks };
    const contents = new Map<string, NewTemplate['content']>();
    for (const known of words) {
      const source = filled(known, channel, blanks);
      contents.set(known.locale, await checkContent(source, await vocabularyFor(this.db, workspaceId, source)));
    }
    const content = contents.get(wanted.locale);
    if (!content) throw new Error(`a starter lost its locale ${wanted.locale}`);
    contents.delete(wanted.locale);
    const locales = [...contents].map(([locale, other]) => ({ locale, content: other }));
    return { name: `${name} (${channel === 'sms' ? 'SMS' : 'email'})`, channel, content, locales };
  }
}

function requireKnown({ words, blanks }: Starter, wanted: UseStarter): void {
  const locales = words.map(({ locale }) => locale);
  if (!locales.includes(wanted.locale)) throw invalid('/locale', `It is written in ${locales.join(', ')}`);
  const unknown = Object.keys(wanted.blanks).find(blank => !Object.hasOwn(blanks, blank));
  if (unknown !== undefined) throw invalid(`/blanks/${unknown}`, `Its blanks are ${Object.keys(blanks).join(', ')}`);
}

/** A starter's words in one language, as its author would have saved them. */
export function filled(words: StarterWords, channel: Channel, blanks: Readonly<Record<string, string>>): WrittenContent {
  if (channel === 'sms') return { channel, body: fillBlanks(words.sms, blanks) };
  return {
    channel,
    subject: fillBlanks(words.subject, blanks),
    preheader: fillBlanks(words.preheader, blanks),
    mjml: fillBlanks(words.mjml, blanks, escapeMarkup),
    html: null,
    text: null,
  };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeMarkup = (value: string): string => value.replace(/[&<>"]/g, char => escapes[char] ?? char);

/** abandoned-cart → Abandoned cart */
function titleOf(recipe: string): string {
  return recipe.charAt(0).toUpperCase() + recipe.slice(1).replaceAll('-', ' ');
}
