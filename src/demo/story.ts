// The demo from the first row to the last receipt, in the order a marketer works.
import { demoCampaigns } from './campaigns.js';
import { type Demo, msSince } from './demo.js';
import { contactsFile, ordersFile } from './files.js';
import { makePeople } from './people.js';
import { daysToYesterday, readOrders, surveyRetail } from './retail.js';
import { seconds } from './screen.js';
import { importFile } from './steps/import-file.js';
import { type CampaignRun, runCampaign } from './steps/run-campaign.js';
import { saveSegments } from './steps/save-segments.js';
import { showMessage } from './steps/show-messages.js';
import { showResults, summaryLine } from './steps/show-results.js';

export type Scale = { readonly people: number; readonly retailFile: string };

/** Returns the last line of the demo. */
export async function tellStory(demo: Demo, { people, retailFile }: Scale): Promise<string> {
  const { screen } = demo;
  const start = demo.now();
  screen.heading('1  People and their orders');
  const { customers, orders, lastDay } = await surveyRetail(readOrders(retailFile));
  const imported = await importFile(demo, contactsFile(makePeople(customers, people), people), 'contacts');
  const days = daysToYesterday(lastDay, start);
  await importFile(demo, ordersFile(readOrders(retailFile), orders, days), 'orders');

  screen.heading('2  Segments');
  const segments = await saveSegments(demo);

  screen.heading('3  Campaigns, through the sandbox');
  const runs: CampaignRun[] = [];
  for (const campaign of demoCampaigns) runs.push(await runCampaign(demo, campaign, segments));

  screen.heading('4  Results');
  showResults(demo, runs);
  screen.heading('5  Two of the messages');
  for (const { message } of runs) showMessage(demo, message);
  screen.line(`\nDone in ${seconds(msSince(demo, start))}. \`npm start\` serves this workspace.`);
  return summaryLine(imported.rowsRead - imported.rowsRejected, runs);
}
