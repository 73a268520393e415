/** How many campaigns are in each state. */
import { campaignStates } from '../domain/campaign/states.js';
import { Database } from '../platform/database/database.js';
import { type Measure, Measures } from '../platform/measures.js';
import { gauge } from '../platform/metrics.js';
import { countByState } from './campaigns.sql.js';

const campaigns = gauge('muster_campaigns', 'Campaigns of all workspaces by state.', ['state']);

@Measures()
export class MeasureCampaigns implements Measure {
  constructor(private readonly db: Database) {}

  async measure(): Promise<void> {
    const rows = await this.db.rows<{ state: string; campaigns: number }>(countByState());
    for (const state of campaignStates.all) campaigns.set({ state }, rows.find(row => row.state === state)?.campaigns ?? 0);
  }
}
