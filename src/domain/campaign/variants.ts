/**
 * Variants of a campaign: who gets which. A contact's place among a million is a stable hash salted by the campaign, so that it is the same
 * on every resume and retry, shares are met closely, and two campaigns do not split people alike. In SQL and in TypeScript the same.
 */
import { hashId } from '../hash.js';
import { type Sql, sql } from '../sql.js';

/** `share` is a weight: 1 and 3 are a quarter and three quarters. */
export type Variant = { name: string; templateId: string; share: number };

const places = 1_000_000;
/** Variants hash the campaign with it; whatever else may split people takes another. */
const purpose = 1n;

const saltOf = (campaignId: string): bigint => BigInt.asIntN(64, hashId(campaignId, purpose));

/** The first place of each variant; a variant ends where the next begins. */
function firstPlaces(variants: readonly Pick<Variant, 'share'>[]): number[] {
  const total = variants.reduce((sum, { share }) => sum + share, 0);
  let before = 0;
  return variants.map(({ share }) => {
    const first = Math.floor((before / total) * places);
    before += share;
    return first;
  });
}

/** null when there are no variants. */
export function variantOf<V extends Variant>(contactId: string, campaignId: string, variants: readonly V[]): V | null {
  const place = Number(BigInt.asUintN(63, hashId(contactId, saltOf(campaignId))) % BigInt(places));
  const index = firstPlaces(variants).findLastIndex(first => first <= place);
  return variants[index] ?? null;
}

/** The name of the contact's variant, over an expression that is the contact's id; null when there are no variants. */
export function variantSql(contactId: Sql, campaignId: string, variants: readonly Variant[]): Sql {
  if (variants.length === 0) return sql`null::text`;
  const place = sql`((hashint8extended(${contactId}, ${String(saltOf(campaignId))}::bigint) & 9223372036854775807) % ${places})::int`;
  return sql`(${variants.map(({ name }) => name)}::text[])[width_bucket(${place}, ${firstPlaces(variants)}::int[])]`;
}
