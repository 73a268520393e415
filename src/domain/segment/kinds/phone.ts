/** "Phone": what the number of the contact tells, by the primary SMS address. What is given must all hold. */
import { z } from 'zod';
import type { WorkspaceId } from '../../ids.js';
import { phoneDigits } from '../../phone/e164.js';
import { lineTypes } from '../../phone/number-plan.js';
import { country } from '../../scalars.js';
import { joinSql, type Sql, sql } from '../../sql.js';
import type { Clause } from '../clause.js';
import { primaryReach, type Profile } from '../profile.js';
import { listOf, text } from '../values.js';

const lineType = z.enum(lineTypes);
const digits = text.refine(piece => /^\d{1,15}$/.test(phoneDigits(piece)), 'Must be 1 to 15 digits of a phone number');

export const phoneRule = z
  .strictObject({
    kind: z.literal('phone'),
    /** Beginnings of international numbers, in any spelling: "+1 212", "0044 20", "۹۸۹۱۲". */
    prefix: listOf(digits).optional(),
    /** Without the leading 0 (which is ignored). Codes repeat between countries: name the country too. */
    areaCode: listOf(digits).optional(),
    country: listOf(country).optional(),
    lineType: listOf(lineType).optional(),
  })
  .refine(rule => Object.keys(rule).length > 1, 'Name a prefix, areaCode, country or lineType')
  .meta({ id: 'PhoneRule', examples: [{ kind: 'phone', areaCode: ['212', '646'], country: ['US'] }] });

export type PhoneRule = z.infer<typeof phoneRule>;

export function compilePhone(workspaceId: WorkspaceId, rule: PhoneRule): Clause {
  const conditions = [
    // reach_area_code_idx
    rule.country && sql`r.country = any(${rule.country}::text[])`,
    rule.areaCode && sql`r.area_code = any(${rule.areaCode.map(phoneDigits)}::text[])`,
    rule.lineType && sql`r.line_type = any(${rule.lineType}::text[])`,
    rule.prefix && beginsWith(rule.prefix),
  ];
  const all = joinSql(
    conditions.filter(condition => condition !== undefined),
    ' and ',
  );
  return {
    contactIds: sql`select r.contact_id from reach r
    where r.workspace_id = ${workspaceId} and r.channel = 'sms' and r.is_primary and ${all}`,
  };
}

/** reach_address_idx, one range of it per prefix */
function beginsWith(prefixes: string[]): Sql {
  return sql`(${joinSql(
    prefixes.map(prefix => sql`starts_with(r.address, ${e164(prefix)}::text)`),
    ' or ',
  )})`;
}

export function matchesPhone(rule: PhoneRule, profile: Profile): boolean {
  const reach = primaryReach(profile, 'sms');
  if (!reach) return false;
  const isOneOf = (wanted: readonly string[] | undefined, value: string | null): boolean =>
    !wanted || (value !== null && wanted.includes(value));
  return (
    isOneOf(rule.country, reach.country) &&
    isOneOf(rule.areaCode?.map(phoneDigits), reach.areaCode) &&
    isOneOf(rule.lineType, reach.lineType) &&
    (!rule.prefix || rule.prefix.some(prefix => reach.address.startsWith(e164(prefix))))
  );
}

function e164(prefix: string): string {
  return `+${phoneDigits(prefix)}`;
}
