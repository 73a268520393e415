/**
 * All languages of a template version, compiled once. Each recipient gets the one that fits their locale: the choice is a value of
 * the message like its name, so that what was sent can be told later from the version and the values.
 */
import { pickLocale } from '../domain/template/locales.js';
import type { MergeValues } from '../domain/template/render.js';
import { type CompiledContent, compileContent, type ContentSource } from './compiled-content.js';

export type LocalContent = { readonly locale: string | null; readonly content: CompiledContent };

export type CompiledVersion = CompiledContent & {
  /** What a recipient with these values reads; locale null: the default. */
  contentFor(values: MergeValues): LocalContent;
};

/** `others`: by language tag. */
export function compileVersion(source: ContentSource, others: ReadonlyMap<string, ContentSource> = new Map()): CompiledVersion {
  const standard = { locale: null, content: compileContent(source) };
  const byTag = new Map(
    [...others].map(([locale, other]) => [locale.toLowerCase(), { locale, content: compileContent(other) }] as const),
  );
  if (byTag.size === 0) return { ...standard.content, contentFor: () => standard };
  const contents = [standard, ...byTag.values()].map(({ content }) => content);
  const contentFor = ({ locale }: MergeValues): LocalContent =>
    byTag.get(pickLocale(byTag, typeof locale === 'string' ? locale : null) ?? '') ?? standard;
  return {
    channel: source.channel,
    fields: [...new Set([...contents.flatMap(content => content.fields), 'locale'])],
    render: values => contentFor(values).content.render(values),
    contentFor,
  };
}
