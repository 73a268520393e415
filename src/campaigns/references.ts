/** A campaign names a template, segments and maybe a gateway: all must be there, not archived, and of its channel. */
import type { WorkspaceId } from '../domain/ids.js';
import type { Queryable } from '../platform/database/database.js';
import { AppError, type FieldError } from '../platform/errors.js';
import type { Campaign } from './campaign.js';
import { type References, selectReferences } from './campaigns.sql.js';

type Naming = Pick<Campaign, 'channel' | 'templateId' | 'gatewayId' | 'includeSegmentIds' | 'excludeSegmentIds'>;

/** Throws a 422 that names every wrong field; the version is the one to be pinned now. */
export async function requireReferences(
  db: Queryable,
  workspaceId: WorkspaceId,
  campaign: Naming,
): Promise<{ templateVersion: number }> {
  const { templateId, gatewayId, includeSegmentIds, excludeSegmentIds } = campaign;
  const found = await db.row<References>(
    selectReferences(workspaceId, templateId, gatewayId, [...includeSegmentIds, ...excludeSegmentIds]),
  );
  if (!found) throw new Error('a statement without a table gave no row');
  const fields = problemsOf(campaign, found);
  const [first] = fields;
  if (first) throw new AppError('invalid', `${first.pointer}: ${first.message}`, fields);
  return { templateVersion: found.templateVersion ?? 0 };
}

function problemsOf(campaign: Naming, found: References): FieldError[] {
  const segments = new Set(found.segmentIds);
  return [
    ...thing('/templateId', 'template', campaign.templateId, found.templateChannel, campaign.channel),
    ...(campaign.gatewayId === null
      ? []
      : thing('/gatewayId', 'gateway', campaign.gatewayId, found.gatewayChannel, campaign.channel)),
    ...missingSegments('/includeSegmentIds', campaign.includeSegmentIds, segments),
    ...missingSegments('/excludeSegmentIds', campaign.excludeSegmentIds, segments),
  ];
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
