/** The text part of a mail, made from its HTML when the author wrote none. Works on the template: expressions stay expressions. */
import { convert, type HtmlToTextOptions } from 'html-to-text';
import { throughMarks } from './expressions.js';

const heading = { options: { uppercase: false } };

const options: HtmlToTextOptions = {
  // Lines are wrapped by no one: a merge value of any length may follow.
  wordwrap: false,
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'], noAnchorUrl: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({ selector, ...heading })),
  ],
};

/** null: nested so deeply that the converter gives up (it recurses). */
export function textFromHtml(htmlSource: string): string | null {
  try {
    return throughMarks(htmlSource, html => convert(html, options)).trim();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
