// Tells the segments room which campaigns use a segment: who may yet launch keeps it from being archived.
import { Injectable } from '@nestjs/common';
import type { SegmentUse } from '../contract/segments.js';
import type { CampaignState } from '../domain/campaign/states.js';
import { SegmentUses } from '../segments/segment-uses.js';
import { selectCampaignsUsing } from './campaigns.sql.js';

/** The audience of a campaign is frozen when it launches; until then the segment is asked for. */
const unfrozen: readonly CampaignState[] = ['draft', 'scheduled', 'launching'];

@Injectable()
export class FindSegmentUses {
  constructor(uses: SegmentUses) {
    uses.register((db, workspaceId, segmentId) => db.rows<SegmentUse>(selectCampaignsUsing(workspaceId, segmentId, unfrozen)));
  }
}
