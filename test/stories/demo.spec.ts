/**
 * The tale of the demo at a smaller scale: the real customers and their orders, some thousand people more, both campaigns
 * through the sandbox, told twice; then backed up, and restored on another server that must count the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { keysOf } from '../../src/backup/keys.js';
import { restoreBackup } from '../../src/backup/restore-backup.js';
import { writeBackup } from '../../src/backup/write-backup.js';
import { Api } from '../../src/demo/api.js';
import type { Demo } from '../../src/demo/demo.js';
import { retailFile } from '../../src/demo/retail.js';
import { Screen } from '../../src/demo/screen.js';
import { tellStory } from '../../src/demo/story.js';
import { openWorkspace } from '../../src/demo/workspace.js';
import { SettableClock } from '../../src/platform/clock.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase } from '../support/db.js';

jest.setTimeout(180_000);

const people = 8_000;

type Campaign = { channel: string; matched: number; refused: Record<string, number> } & Record<
  'sent' | 'delivered' | 'failed' | 'unknown' | 'canceled',
  number
>;
type Summary = { contacts: number; campaigns: [Campaign, Campaign] };

let app: TestApp;
let shown = '';
let demo: Demo;
let demoKey: string;

beforeAll(async () => {
  app = await startTestApp();
  const { key } = await openWorkspace(app.get(AccountsService), app.config);
  const screen = new Screen({ write: (text: string) => (shown += text) }, () => app.clock.now());
  const { signal } = new AbortController();
  demoKey = key;
  demo = { api: new Api(app.url, key, signal), screen, now: () => app.clock.now(), signal };
});

afterAll(() => app.stop());

const tell = async (): Promise<Summary> =>
  JSON.parse(await tellStory(demo, { people, retailFile: retailFile(app.config.projectRoot) })) as Summary;

test('the story ends with figures that add up and messages that arrived', async () => {
  const { contacts, campaigns } = await tell();
  expect(contacts).toBe(people);
  expect(campaigns.map(({ channel }) => channel)).toEqual(['sms', 'email']);
  for (const campaign of campaigns) {
    const { matched, refused, sent, delivered, failed, unknown, canceled } = campaign;
    const sum = Object.values(refused).reduce((all, count) => all + count, 0) + sent + failed + unknown + canceled;
    expect(sum).toBe(matched);
    expect({ failed, unknown, canceled }).toEqual({ failed: 0, unknown: 0, canceled: 0 });
    expect(sent).toBeGreaterThan(100);
    expect(delivered).toBe(sent);
    expect(refused['no-consent']).toBeGreaterThan(0);
  }
  expect(shown).toContain('SMS from GIFTSHOP to +90');
  expect(shown).toMatch(/Merhaba \p{L}+!/u);
  expect(shown).toMatch(/Subject: .+, we kept something for you/);
});

test('no campaign reached an address twice', async () => {
  for (const channel of ['sms', 'email']) {
    const recipients = await listRecipients(channel);
    expect(recipients.length).toBeGreaterThan(100);
    expect(new Set(recipients).size).toBe(recipients.length);
  }
});

test('told again it knows the same people and runs the campaigns anew', async () => {
  const { contacts } = await tell();
  expect(contacts).toBe(people);
  expect(shown).toContain('8 000 contacts (0 new, 0 changed)');
  const names = (await listCampaigns()).map(({ name }) => name);
  expect(names.sort()).toEqual(['We miss you #1', 'We miss you #2', 'Weekend offer #1', 'Weekend offer #2']);
});

test('a backup of it, restored elsewhere, gives the same count for every segment and the same figures in every report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-demo-backup-'));
  const database = await createTestDatabase('demo_restored');
  try {
    const file = join(folder, 'demo.backup');
    await writeBackup(app.config.databaseUrl, file, keysOf(app.config), app.clock.now());
    await restoreBackup(database.url, file, keysOf(app.config), () => undefined);
    // At one moment: "no order for 180 days" is another answer a minute later.
    const clock = new SettableClock(app.clock.now());
    const servers = await Promise.all(
      [app.database, database].map(one => startTestApp({ database: one, clock, environment: { ROLE: 'api' } })),
    );
    try {
      const [there, here] = await Promise.all(servers.map(({ url }) => figuresOf(new Api(url, demoKey, demo.signal))));
      expect(Object.keys(there?.previews ?? {})).toHaveLength(4);
      expect(Object.keys(there?.reports ?? {})).toHaveLength(4);
      expect(here).toEqual(there);
    } finally {
      await Promise.all(servers.map(server => server.stop()));
    }
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
});

type Figures = { previews: Record<string, object>; reports: Record<string, object> };

/** What a server says of each segment (without how long it took to count) and of each campaign. */
async function figuresOf(api: Api): Promise<Figures> {
  const figures: Figures = { previews: {}, reports: {} };
  for (const { id, name } of (await api.get<Named>('/v1/segments')).data) {
    const preview = await api.post<object>('/v1/segments/preview', { segmentId: id });
    figures.previews[name] = { ...preview, milliseconds: undefined };
  }
  for (const { id, name } of (await api.get<Named>('/v1/campaigns')).data)
    figures.reports[name] = await api.get<object>(`/v1/campaigns/${id}/report`);
  return figures;
}

type Named = { data: { id: string; name: string }[] };

async function listCampaigns(): Promise<{ name: string }[]> {
  return (await demo.api.get<{ data: { name: string }[] }>('/v1/campaigns')).data;
}

async function listRecipients(channel: string): Promise<string[]> {
  const recipients: string[] = [];
  for (let after: string | null = ''; after !== null;) {
    const path: string = `/v1/sandbox/messages?channel=${channel}&limit=500${after && `&after=${encodeURIComponent(after)}`}`;
    const page = await demo.api.get<{ data: { to: string }[]; next: string | null }>(path);
    recipients.push(...page.data.map(({ to }) => to));
    after = page.next;
  }
  return recipients;
}
