/**
 * What is wrong or unwise in a message, with its place. Errors are those that refuse it when it is saved; warnings are advice.
 * Pure but for the compiling of MJML.
 */
import type { Finding } from '../contract/lint.js';
import { countParts } from '../domain/sms/encoding.js';
import { checkTemplate, type TemplateKind } from '../domain/template/parse.js';
import type { MergeValues } from '../domain/template/render.js';
import { findUnguarded } from '../domain/template/unguarded.js';
import { compileContent, type ContentSource } from './compiled-content.js';
import { inspectContent, placeOfField, toSource, type Vocabulary, type WrittenContent } from './content-check.js';
import { placeOf, splitExpressions } from './expressions.js';
import { readTags } from './html-tags.js';

/** Gmail cuts a mail off beyond some 102 kB. */
const clippedBytes = 102_000;
/** Inboxes show some 60 characters of a subject on a desk, 40 on a phone. */
const longSubject = 60;
/** What is sent in every message, so it needs no fallback. */
const always = new Set(['unsubscribeUrl', 'campaignName', 'workspaceName', 'email', 'phone']);
const shortener =
  /https?:\/\/(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|cutt\.ly|rb\.gy|rebrand\.ly|tiny\.cc|shorturl\.at)\//gi;
/** A long value of each field, for the longest message a sample would make. */
const longName = 'Maximiliane-Alexandra';

export async function lintContent(written: WrittenContent, isMarketing: boolean, words: Vocabulary): Promise<Finding[]> {
  const checked = await inspectContent(written, words);
  if ('errors' in checked)
    return checked.errors.map(error => ({ line: null, column: null, ...error, severity: 'error', code: 'invalid' }));
  const source = toSource(checked);
  const parts = partsOf(written);
  return [
    ...parts.flatMap(part => missingFallbacks(part)),
    ...checked.fields.flatMap(field => attributeFindings(field, parts, words)),
    ...parts.flatMap(part => linkFindings(part)),
    ...(source.channel === 'sms' ? smsFindings(source) : emailFindings(source, parts)),
    ...(isMarketing && source.channel === 'email' && !checked.fields.includes('unsubscribeUrl')
      ? [warn('no-unsubscribe', `/${checked.format}`, 'A marketing mail needs a way out: link to {{unsubscribeUrl}}')]
      : []),
  ];
}

type Part = { pointer: string; source: string; kind: TemplateKind };

function partsOf(written: WrittenContent): Part[] {
  if (written.channel === 'sms') return [{ pointer: '/body', source: written.body, kind: 'text' }];
  const body =
    written.mjml === null ? { pointer: '/html', source: written.html ?? '' } : { pointer: '/mjml', source: written.mjml };
  return [
    { pointer: '/subject', source: written.subject, kind: 'text' },
    { pointer: '/preheader', source: written.preheader ?? '', kind: 'text' },
    { ...body, kind: 'html' },
    { pointer: '/text', source: written.text ?? '', kind: 'text' },
  ];
}

function warn(code: Finding['code'], pointer: string, message: string, place?: { line: number; column: number }): Finding {
  return { severity: 'warning', code, pointer, message, line: place?.line ?? null, column: place?.column ?? null };
}

function missingFallbacks({ pointer, source, kind }: Part): Finding[] {
  const checked = checkTemplate(
    source.replace(/\{\{~?\s*>[^{}]*\}\}/g, call => ' '.repeat(call.length)),
    kind,
  );
  if ('errors' in checked) return [];
  return [...findUnguarded(checked.program)]
    .filter(([field]) => !always.has(field))
    .map(([, { message, line, column }]) => warn('no-fallback', pointer, message, { line, column }));
}

/** At its first place; a field that only a partial names has none in what the author wrote. */
function attributeFindings(field: string, parts: readonly Part[], words: Vocabulary): Finding[] {
  const advice = words.adviceOn(field);
  if (advice === null) return [];
  const last = field.slice(field.lastIndexOf('.') + 1);
  for (const { pointer, source } of parts) {
    const expressions = splitExpressions(source).filter(piece => piece.isExpression);
    if (expressions.some(({ text }) => text.includes(last)))
      return [warn(advice.code, pointer, advice.message, placeOfField(source, expressions, field))];
  }
  return [warn(advice.code, (parts[2] ?? parts[0])?.pointer ?? '', advice.message)];
}

function linkFindings({ pointer, source, kind }: Part): Finding[] {
  const short = [...source.matchAll(shortener)].map(({ index }) =>
    warn('link-shortener', pointer, 'Carriers and mail filters distrust link shorteners', placeOf(source, index)),
  );
  return kind === 'html' ? [...short, ...tagFindings(pointer, source)] : short;
}

function tagFindings(pointer: string, source: string): Finding[] {
  return [...readTags(source)].flatMap(({ name, isEnd, attributes, at }) => {
    if (isEnd) return [];
    const valueOf = (wanted: string) => attributes.find(attribute => attribute.name === wanted)?.value;
    const href = valueOf('href')?.trim() ?? '';
    const found: Finding[] = [];
    if ((name === 'img' || name === 'mj-image') && valueOf('alt') === undefined)
      found.push(warn('no-alt', pointer, 'Say what the image shows in alt (empty for decoration)', placeOf(source, at)));
    if (/^http:/i.test(href)) found.push(warn('no-https', pointer, `${href} is not https`, placeOf(source, at)));
    if (href !== '' && !/^(?:[a-z][a-z0-9+.-]*:|\{\{|#)/i.test(href))
      found.push(
        warn('relative-link', pointer, `${href} leads nowhere from a mail: begin it with https://`, placeOf(source, at)),
      );
    return found;
  });
}

function smsFindings(source: ContentSource): Finding[] {
  const rendered = render(source);
  if (rendered?.channel !== 'sms') return [];
  const { parts, offenders } = countParts(rendered.text);
  const found: Finding[] = [];
  if (parts > 1) found.push(warn('many-parts', '/body', `With long values it takes ${parts} parts, each of which is paid for`));
  if (offenders.length > 0) {
    const chars = offenders.map(({ char }) => char).join(' ');
    found.push(warn('not-gsm7', '/body', `A part holds 70 characters instead of 160 because of: ${chars}`));
  }
  return found;
}

function emailFindings(source: ContentSource, parts: readonly Part[]): Finding[] {
  const rendered = render(source);
  if (source.channel !== 'email' || rendered?.channel !== 'email') return [];
  const body = parts[2]?.pointer ?? '';
  const bytes = Buffer.byteLength(rendered.html);
  const found: Finding[] = [];
  if (rendered.subject.length > longSubject)
    found.push(
      warn(
        'long-subject',
        '/subject',
        `With long values it has ${rendered.subject.length} characters; inboxes show ${longSubject}`,
      ),
    );
  if (source.preheader === null)
    found.push(warn('no-preheader', '/preheader', 'Without a preheader an inbox shows the first words of the mail'));
  if (bytes > clippedBytes)
    found.push(warn('clipped', body, `The HTML has ${bytes} bytes; Gmail cuts it off at ${clippedBytes}`));
  return found;
}

/** Null when long values make more text than any message may have. */
function render(source: ContentSource): ReturnType<ReturnType<typeof compileContent>['render']> | null {
  const content = compileContent(source);
  try {
    return content.render(longValues(content.fields));
  } catch {
    return null;
  }
}

function longValues(fields: readonly string[]): MergeValues {
  const custom = fields
    .filter(field => field.startsWith('attributes.'))
    .map(field => [field.slice('attributes.'.length), longName]);
  const standard = fields.filter(field => !field.includes('.')).map(field => [field, longName]);
  return {
    ...(Object.fromEntries(standard) as MergeValues),
    unsubscribeUrl: `https://muster.example/u/${'x'.repeat(60)}`,
    attributes: Object.fromEntries(custom) as MergeValues,
  };
}
