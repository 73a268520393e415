/** A campaign names a template, segments and maybe a gateway: all must be there, not archived, and of its channel. */
import type { WorkspaceId } from '../domain/ids.js';
import type { PinnedVariant } from '../messages/dispatch.js';
import type { Queryable } from '../platform/database/database.js';
import { AppError, type FieldError } from '../platform/errors.js';
import type { Campaign } from './campaign.js';
import { type References, selectReferences } from './campaigns.sql.js';

type Naming = Pick<Campaign, 'channel' | 'templateId' | 'variants' | 'gatewayId' | 'includeSegmentIds' | 'excludeSegmentIds'>;

/** The versions to be pinned now. */
export type PinnedContent = { templateVersion: number; variants: PinnedVariant[] };

/** Throws a 422 that names every wrong field. */
export async function requireReferences(db: Queryable, workspaceId: WorkspaceId, campaign: Naming): Promise<PinnedContent> {
  const { templateId, variants, gatewayId, includeSegmentIds, excludeSegmentIds } = campaign;
  const found = await db.row<References>(
    selectReferences(workspaceId, [templateId, ...variants.map(variant => variant.templateId)], gatewayId, [
      ...includeSegmentIds,
      ...excludeSegmentIds,
    ]),
  );
  if (!found) throw new Error('a statement without a table gave no row');
  const fields = problemsOf(campaign, found);
  const [first] = fields;
  if (first) throw new AppError('invalid', `${first.pointer}: ${first.message}`, fields);
  const versionOf = (id: string): number => found.templates.find(template => template.id === id)?.version ?? 0;
  return {
    templateVersion: versionOf(templateId),
    variants: variants.map(variant => ({ ...variant, templateVersion: versionOf(variant.templateId) })),
  };
}

function problemsOf(campaign: Naming, found: References): FieldError[] {
  const segments = new Set(found.segmentIds);
  const channels = new Map(found.templates.map(({ id, channel }) => [id, channel]));
  return [
    ...templatesOf(campaign).flatMap(({ pointer, templateId }) =>
      thing(pointer, 'template', templateId, channels.get(templateId) ?? null, campaign.channel),
    ),
    ...(campaign.gatewayId === null
      ? []
      : thing('/gatewayId', 'gateway', campaign.gatewayId, found.gatewayChannel, campaign.channel)),
    ...missingSegments('/includeSegmentIds', campaign.includeSegmentIds, segments),
    ...missingSegments('/excludeSegmentIds', campaign.excludeSegmentIds, segments),
  ];
}

/** With variants, the campaign's own template is that of the first of them. */
function templatesOf({ templateId, variants }: Naming): { pointer: string; templateId: string }[] {
  if (variants.length === 0) return [{ pointer: '/templateId', templateId }];
  return variants.map((variant, i) => ({ pointer: `/variants/${i}/templateId`, templateId: variant.templateId }));
}

function thing(pointer: string, noun: string, id: string, channel: string | null, wanted: string): FieldError[] {
  if (channel === null) return [{ pointer, message: `There is no ${noun} ${id}, or it is archived` }];
  return channel === wanted ? [] : [{ pointer, message: `The ${noun} is for ${channel}, the campaign goes by ${wanted}` }];
}

function missingSegments(pointer: string, ids: readonly string[], found: ReadonlySet<string>): FieldError[] {
  return ids.flatMap((id, i) =>
    found.has(id) ? [] : [{ pointer: `${pointer}/${i}`, message: `There is no segment ${id}, or it is archived` }],
  );
}
