/**
 * A template version ready to be rendered: everything that is the same for all recipients is done here, once, so that per
 * recipient only the holes are filled. Used by delivery, the preview and the test send.
 */
import type { Channel } from '../domain/ids.js';
import { normalizeSms } from '../domain/sms/encoding.js';
import { compileTemplate, type MergeValues } from '../domain/template/render.js';
import { withPreheader } from './preheader.js';
import { textFromHtml } from './text-alternative.js';

/** What the author wrote, as a template version stores it. */
export type SmsSource = { readonly channel: 'sms'; readonly body: string };
export type EmailSource = {
  readonly channel: 'email';
  readonly subject: string;
  readonly preheader: string | null;
  readonly html: string;
  /** null: made from the HTML. */
  readonly text: string | null;
};
export type ContentSource = SmsSource | EmailSource;

export type RenderedSms = { readonly channel: 'sms'; readonly text: string };
export type RenderedEmail = {
  readonly channel: 'email';
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};
export type RenderedContent = RenderedSms | RenderedEmail;

export type CompiledContent = {
  readonly channel: Channel;
  /** Merge fields used anywhere in it: `firstName`, `attributes.plan`, `unsubscribeUrl` … */
  readonly fields: readonly string[];
  /** Missing values render as nothing. Throws only when the rendered text outgrows the cap of domain/template. */
  render(values: MergeValues): RenderedContent;
};

/** Throws what domain/template throws on a source it refuses; stored versions were checked when they were saved. */
export function compileContent(source: ContentSource): CompiledContent {
  return source.channel === 'sms' ? compileSms(source) : compileEmail(source);
}

function compileSms({ body }: SmsSource): CompiledContent {
  const compiled = compileTemplate(body, 'text');
  // Normalised after the values are in, so that what is counted is what is sent.
  return {
    channel: 'sms',
    fields: compiled.fields,
    render: values => ({ channel: 'sms', text: normalizeSms(compiled.render(values)) }),
  };
}

function compileEmail(source: EmailSource): CompiledContent {
  const subject = compileTemplate(source.subject, 'text');
  const html = compileTemplate(withPreheader(source.html, source.preheader), 'html');
  const text = compileTemplate(source.text ?? textFromHtml(source.html) ?? '', 'text');
  return {
    channel: 'email',
    fields: [...new Set([...subject.fields, ...html.fields, ...text.fields])],
    render: values => ({
      channel: 'email',
      subject: asHeader(subject.render(values)),
      html: html.render(values),
      text: text.render(values),
    }),
  };
}

/** One line without control characters: a value must not be able to start a header of its own. */
function asHeader(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
