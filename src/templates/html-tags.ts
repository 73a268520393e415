/**
 * Reads the tags of an HTML text the way a browser's tokenizer does (WHATWG 13.2.5: quotes, comments, raw-text elements), so
 * that the safety check sees the attributes a browser would see. Builds no tree.
 */
export type HtmlAttribute = { readonly name: string; readonly value: string; readonly isQuoted: boolean };

export type HtmlTag = {
  /** Lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  readonly attributes: readonly HtmlAttribute[];
  /** Offset of its "<" in the text. */
  readonly at: number;
};

/** Their content is text until their own end tag. */
const rawTextElements = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'noembed', 'noframes', 'iframe']);

const comment = /<!--(?:>|->|[\s\S]*?(?:-->|--!>|$))/y;
/** <!doctype …>, <?xml …>, </ followed by no letter. */
const bogus = /<(?:[!?]|\/(?![a-zA-Z]))[^>]*>?/y;
const opening = /<(\/?)([a-zA-Z][^\s/>]*)/y;
const attributeName = /[\s/]*(=?[^\s/>=]*)/y;
const attributeValue = /\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*))/y;

export function* readTags(html: string): Generator<HtmlTag> {
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at)) {
    const skipped = matchAt(comment, html, at) ?? matchAt(bogus, html, at);
    if (skipped) {
      at += skipped[0].length;
      continue;
    }
    const tag = readTag(html, at);
    if (!tag) {
      at++;
      continue;
    }
    yield tag.tag;
    at = !tag.tag.isEnd && rawTextElements.has(tag.tag.name) ? endOfRawText(html, tag.tag.name, tag.end) : tag.end;
  }
}

function readTag(html: string, at: number): { tag: HtmlTag; end: number } | null {
  const start = matchAt(opening, html, at);
  if (!start) return null;
  const { attributes, end } = readAttributes(html, at + start[0].length);
  return { tag: { name: start[2]!.toLowerCase(), isEnd: start[1] === '/', attributes, at }, end };
}

function readAttributes(html: string, from: number): { attributes: HtmlAttribute[]; end: number } {
  const attributes: HtmlAttribute[] = [];
  let at = from;
  for (;;) {
    const name = matchAt(attributeName, html, at)!;
    at += name[0].length;
    if (at >= html.length || (name[1] === '' && html[at] === '>')) return { attributes, end: at + 1 };
    const value = matchAt(attributeValue, html, at);
    at += value?.[0].length ?? 0;
    const quoted = value?.[1] ?? value?.[2];
    attributes.push({ name: name[1]!.toLowerCase(), value: quoted ?? value?.[3] ?? '', isQuoted: quoted !== undefined });
  }
}

function endOfRawText(html: string, name: string, from: number): number {
  const rest = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  rest.lastIndex = from;
  return rest.exec(html)?.index ?? html.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
