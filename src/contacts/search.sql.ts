/**
 * One search box: the beginnings of names in any order, a phone in any spelling from its beginning or its end, the beginning
 * of an email, an external id. Each way has an index of its own; what matches any of them is found.
 */
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import type { WorkspaceId } from '../domain/ids.js';
import { asciiDigits } from '../domain/text-digits.js';
import { parsePhone, phoneDigits } from '../domain/phone/e164.js';
import { joinSql, type Sql, sql } from '../domain/sql.js';

/** Fewer digits would match a good part of all numbers. */
const minDigits = 4;
/** Nobody types more names; each costs a pass over the name indexes. */
const maxWords = 5;

/** A condition on `c` for what a person typed. */
export function matchesSearch(workspaceId: WorkspaceId, search: string, defaultCountry: string): Sql {
  const typed = search.trim();
  if (typed === '') return sql`true`;
  const found = [
    byExternalId(workspaceId, typed),
    ...byEmail(workspaceId, typed),
    ...byPhone(workspaceId, typed, defaultCountry),
    ...byName(workspaceId, typed),
  ];
  return sql`c.id in (${joinSql(found, ' union ')})`;
}

function byExternalId(workspaceId: WorkspaceId, typed: string): Sql {
  return sql`select contact_id from identity where workspace_id = ${workspaceId} and kind = 'external_id' and value = ${typed}`;
}

/** Reads reach_address_idx: stored emails are lower case and ASCII. */
function byEmail(workspaceId: WorkspaceId, typed: string): Sql[] {
  if (!/^[^\s@]+(@[^\s@]*)?$/.test(typed)) return [];
  return [
    sql`select contact_id from reach where workspace_id = ${workspaceId} and channel = 'email'
      and address like ${`${escapeLike(typed.toLowerCase())}%`}`,
  ];
}

/** Reads reach_address_idx from the left and reach_address_end_idx from the right. */
function byPhone(workspaceId: WorkspaceId, typed: string, defaultCountry: string): Sql[] {
  const digits = phoneDigits(typed);
  if (digits.length < minDigits) return [];
  const parsed = parsePhone(typed, defaultCountry);
  const whole = 'e164' in parsed ? parsed.e164 : `+${digits}`;
  // Without a + the digits may be national: then they end a stored number, or begin it after the country's code.
  const isInternational = /^(\+|00)/.test(asciiDigits(typed).trim());
  const national = isInternational
    ? []
    : [sql`reverse(address) like ${`${reversed(digits)}%`}`, ...byNationalStart(digits, defaultCountry)];
  const ways = [sql`address like ${`+${digits}%`}`, sql`address = ${whole}`, ...national];
  return ways.map(way => sql`select contact_id from reach where workspace_id = ${workspaceId} and channel = 'sms' and ${way}`);
}

/** phoneDigits drops a trunk 0; the trunk 8 of Russia and Kazakhstan may also be a first digit, so both are tried. */
function byNationalStart(digits: string, defaultCountry: string): Sql[] {
  if (!isSupportedCountry(defaultCountry)) return [];
  const code = getCountryCallingCode(defaultCountry);
  const spellings = code === '7' && digits.startsWith('8') ? [digits, digits.slice(1)] : [digits];
  return spellings.map(spelling => sql`address like ${`+${code}${spelling}%`}`);
}

/** Every word begins the first or the last name. Reads contact_name_idx and contact_first_name_idx. */
function byName(workspaceId: WorkspaceId, typed: string): Sql[] {
  const words = typed.split(/\s+/).slice(0, maxWords);
  const conditions = words.map(word => {
    const pattern = sql`lower(${`${escapeLike(word)}%`})`;
    return sql`(lower(last_name) like ${pattern} or lower(first_name) like ${pattern})`;
  });
  return [sql`select id from contact where workspace_id = ${workspaceId} and ${joinSql(conditions, ' and ')}`];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, sign => `\\${sign}`);
}

function reversed(digits: string): string {
  return [...digits].reverse().join('');
}
