/** What a campaign says: one template, or variants, of which the first one's template stands for the campaign. Pure. */
import type { UpdateCampaign } from '../contract/campaigns.js';
import { type Variant, variantOf } from '../domain/campaign/variants.js';
import { invalid } from '../platform/errors.js';
import type { Campaign } from './campaign.js';

type Choice = Pick<Campaign, 'templateId' | 'variants'>;

/** What is not sent stays; an empty list of variants takes them away. */
export function changeTemplates(known: Choice, change: Pick<UpdateCampaign, 'templateId' | 'variants'>): Choice {
  const variants = change.variants ?? known.variants;
  const [first] = variants;
  if (!first) return { templateId: change.templateId ?? known.templateId, variants };
  if (change.templateId !== undefined) throw invalid('/templateId', 'The campaign has variants; each of them names its template');
  return { templateId: first.templateId, variants };
}

/** A name that is asked for must be there. Without one: all variants, or the campaign as it is (null). */
export function chosenVariants({ variants }: Choice, name: string | undefined): (Variant | null)[] {
  if (name === undefined) return variants.length === 0 ? [null] : variants;
  const found = variants.find(variant => variant.name === name);
  if (!found) throw invalid('/variant', `The campaign has no variant "${name}"`);
  return [found];
}

/** The variant asked for, else the one that this contact would get, else the first; null when there are none. */
export function variantFor(campaign: Campaign, name: string | undefined, contactId: string | undefined): Variant | null {
  if (name === undefined && contactId !== undefined) return variantOf(contactId, campaign.id, campaign.variants);
  return chosenVariants(campaign, name)[0] ?? null;
}
