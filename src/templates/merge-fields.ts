/**
 * The names a template may use. Contact names are the merge values that src/contacts gives; the rest are facts of the send,
 * filled by delivery. A name that is not here is a spelling mistake and is refused when the template is saved.
 */
import { factNames } from '../contacts/contact-facts.sql.js';
import { attributeKey } from '../contract/contact-fields.js';

/** `unsubscribeUrl`: the recipient's own page. */
const sendFields: readonly string[] = ['unsubscribeUrl', 'campaignName', 'workspaceName'];

const known = new Set([...factNames, ...sendFields]);
const custom = 'attributes.';

export function isMergeField(field: string): boolean {
  return known.has(field) || (field.startsWith(custom) && attributeKey.safeParse(field.slice(custom.length)).success);
}

/** The known name closest to a misspelt one, or null when none is near. */
export function suggestField(field: string): string | null {
  const wanted = plain(field);
  return [...known].find(name => plain(name) === wanted) ?? [...known].find(name => isNear(plain(name), wanted)) ?? null;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^contact\./, '')
    .replace(/[^a-z]/g, '');
}

/** At most one letter added, lost or changed, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && left === [...right].reverse().join(''));
}
