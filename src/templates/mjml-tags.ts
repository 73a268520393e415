/** The elements of an MJML source, to be balanced: MJML itself closes what was left open and says nothing. Pure. */
import type { TemplateError } from '../domain/template/parse.js';
import { placeOf } from './expressions.js';

/** More than any mail has; each costs some 0.1 ms to lay out. */
const maxElements = 2_000;

const element = /<(\/?)(mj[\w-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*?)(\/?)>/g;

type Open = { name: string; at: number };

/** The first mistake is enough: those after it follow from it. */
export function findUnbalanced(mjml: string): TemplateError[] {
  // Blanks of the same length, so that places stay true.
  const source = mjml.replace(/<!--[\s\S]*?(?:-->|$)/g, comment => comment.replace(/[^\r\n]/g, ' '));
  const open: Open[] = [];
  let count = 0;
  for (const match of source.matchAll(element)) {
    const [, slash, name = '', , selfClosing] = match;
    if (++count > maxElements) return [at(mjml, match.index, `A mail has at most ${maxElements} MJML elements`)];
    if (name === 'mj-include') return [at(mjml, match.index, '<mj-include> reads files, which a template cannot; use a partial')];
    if (!slash && !selfClosing) open.push({ name, at: match.index });
    if (!slash) continue;
    const last = open.pop();
    if (!last) return [at(mjml, match.index, `</${name}> closes nothing`)];
    if (last.name !== name) return [at(mjml, last.at, `<${last.name}> is not closed before </${name}>`)];
  }
  const [unclosed] = open.slice(-1);
  return unclosed ? [at(mjml, unclosed.at, `<${unclosed.name}> is not closed`)] : [];
}

const at = (source: string, offset: number, message: string): TemplateError => ({ message, ...placeOf(source, offset) });
