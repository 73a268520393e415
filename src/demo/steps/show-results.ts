// What came of the campaigns: a table each, and the last line of the demo for programs to read.
import type { Demo } from '../demo.js';
import { table } from '../table.js';
import type { CampaignRun } from './run-campaign.js';

export function showResults(demo: Demo, runs: readonly CampaignRun[]): void {
  for (const { name, channel, report } of runs) {
    const refused = Object.entries(report.refused).map(([reason, people]) => [`  refused: ${reason}`, people] as const);
    const rows = [
      ['matched', report.matched],
      ...refused,
      ['  sent', report.sent],
      ['    delivered', report.delivered],
      ['    undelivered', report.undelivered],
      ['    bounced', report.bounced],
      ['  failed', report.failed],
      ['  unknown', report.unknown],
      ['  canceled', report.canceled],
      ...(channel === 'sms' ? [['SMS parts', report.parts] as const] : []),
    ] as const;
    demo.screen.line(`\n${table([`${name} (${channel})`, 'People'], rows)}`);
  }
}

/** matched = Σ refused + sent + failed + unknown + canceled; anything else is a bug, and the demo fails on it. */
export function summaryLine(contacts: number, runs: readonly CampaignRun[]): string {
  const campaigns = runs.map(({ channel, name, report }) => {
    const { matched, refused, sent, delivered, failed, unknown, canceled } = report;
    const sum = Object.values(refused).reduce((all, people) => all + people, 0) + sent + failed + unknown + canceled;
    if (sum !== matched) throw new Error(`the report of "${name}" does not add up: matched ${matched}, accounted for ${sum}`);
    return { channel, matched, refused, sent, delivered, failed, unknown, canceled };
  });
  return JSON.stringify({ contacts, campaigns });
}
