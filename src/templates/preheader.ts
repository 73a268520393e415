/**
 * The preheader: the line an inbox shows after the subject. It is a hidden block at the top of the body, padded so that the
 * inbox does not fill the rest of the line with the first words of the mail.
 */
import { mapWords } from './expressions.js';

/** Inboxes show up to some 140 characters of preview; each pair takes the room of one and shows nothing. */
const padding = '&#847;&zwnj;&nbsp;'.repeat(120);

const hidden =
  'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;font-size:1px;line-height:1px;color:transparent';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** `preheader` is a text template: its words are escaped here, its values when it is rendered as part of the HTML. */
export function withPreheader(html: string, preheader: string | null): string {
  if (!preheader?.trim()) return html;
  const words = mapWords(preheader.trim(), text => text.replace(/[&<>"]/g, char => escapes[char] ?? char));
  const block = `<div style="${hidden}" aria-hidden="true">${words}${padding}</div>`;
  const body = /<body(?=[\s/>])(?:"[^"]*"|'[^']*'|[^'"<>])*>/i.exec(html);
  const at = body ? body.index + body[0].length : 0;
  return html.slice(0, at) + block + html.slice(at);
}
