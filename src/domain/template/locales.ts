/**
 * Which language of a message somebody reads: RFC 4647 lookup. The tag is shortened from its end until a language of the message
 * fits; where a script goes without saying (az → az-Latn, zh-TW → zh-Hant), the tag that says it is tried as well.
 */

/** The tags to try, best first, in lower case: pt-BR → pt-br, pt-latn-br, pt-latn, pt. */
export function lookupChain(tag: string): string[] {
  const wanted = tag.trim().replaceAll('_', '-').toLowerCase();
  if (wanted === '') return [];
  const own = shortened(wanted);
  const language = own.at(-1) ?? wanted;
  return [...new Set([...own.slice(0, -1), ...shortened(maximized(wanted)).filter(known => known !== language), language])];
}

/** The key of `available` (tags in lower case) to use, or null for the default. */
export function pickLocale(available: ReadonlyMap<string, unknown>, tag: string | null | undefined): string | null {
  if (!tag || available.size === 0) return null;
  return lookupChain(tag).find(candidate => available.has(candidate)) ?? null;
}

/** A tag as it is written: pt-br → pt-BR. Null when it is none. */
export function canonicalLocale(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** A letter or digit alone introduces what follows it and goes with it (RFC 4647 3.4). */
function shortened(tag: string): string[] {
  const parts = tag.split('-');
  const tags: string[] = [];
  while (parts.length > 0) {
    tags.push(parts.join('-'));
    parts.pop();
    if ((parts.at(-1)?.length ?? 2) === 1) parts.pop();
  }
  return tags;
}

function maximized(tag: string): string {
  try {
    return new Intl.Locale(tag).maximize().baseName.toLowerCase();
  } catch {
    return tag;
  }
}
