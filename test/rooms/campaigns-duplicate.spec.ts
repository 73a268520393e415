/** Copies of campaigns, and campaigns that are put away and brought back. */
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { CampaignMaker } from '../support/campaigns.js';

let app: TestApp;
let make: CampaignMaker;
beforeAll(async () => {
  app = await startTestApp();
  make = new CampaignMaker(app);
});
afterAll(() => app.stop());

const duplicate = (id: string, body: object = {}) => make.api('POST', `/campaigns/${id}/duplicate`, body);
const unarchive = (id: string) => make.api('POST', `/campaigns/${id}/unarchive`);

describe('a copy', () => {
  test('is a draft with the same content and a name of its own', async () => {
    const endsAt = new Date(app.clock.now().getTime() + 86_400_000).toISOString();
    const includeSegmentIds = [await make.city(1)];
    const id = await make.sent({ name: 'Spring', includeSegmentIds, endsAt });
    const { status, body } = await duplicate(id);
    expect(status).toBe(201);
    const first = await make.view(id);
    expect(body).toMatchObject({
      name: 'Spring (copy)',
      state: 'draft',
      launchAt: null,
      archivedAt: null,
      endsAt,
      includeSegmentIds,
    });
    for (const field of ['channel', 'class', 'topic', 'sender', 'templateId', 'gatewayId', 'excludeSegmentIds'])
      expect(body[field]).toEqual(first[field]);
    expect((await duplicate(id)).body.name).toBe('Spring (copy 2)');
    expect((await duplicate(body.id)).body.name).toBe('Spring (copy 3)');
    expect((await duplicate(id, { name: 'Autumn' })).body.name).toBe('Autumn');
    expect((await duplicate(id, { name: 'Autumn' })).status).toBe(409);
    expect((await make.verb(body.id, 'launch')).status).toBe(200);
  });

  test('of a campaign that ended has no end, and a long name is cut', async () => {
    const id = await make.campaign({ name: 'x'.repeat(200) });
    await app.db.run(sql`update campaign set ends_at = now() - interval '1 day' where id = ${id}`);
    const { body } = await duplicate(id);
    expect(body).toMatchObject({ endsAt: null, name: `${'x'.repeat(193)} (copy)` });
  });

  test('can be made of an archived campaign, and is told in the trail', async () => {
    const id = await make.campaign();
    await make.api('DELETE', `/campaigns/${id}`);
    const { status, body } = await duplicate(id);
    expect([status, body.archivedAt]).toEqual([201, null]);
    const { body: trail } = await make.api('GET', '/audit?limit=1');
    expect(trail.data[0]).toMatchObject({ action: 'campaign.created', target: `campaign:${body.id}`, details: { copyOf: id } });
  });

  test('of nothing is a 404', async () => {
    expect((await duplicate('987654')).status).toBe(404);
  });
});

describe('an archived campaign', () => {
  test('comes back as it was, and twice is the same as once', async () => {
    const id = await make.campaign();
    const before = await make.view(id);
    await make.api('DELETE', `/campaigns/${id}`);
    expect((await make.view(id)).archivedAt).not.toBeNull();
    for (let i = 0; i < 2; i++) {
      const { status, body } = await unarchive(id);
      expect([status, body.archivedAt, body.state, body.name]).toEqual([200, null, 'draft', before.name]);
    }
  });

  test('cannot come back while another has its name', async () => {
    const id = await make.campaign({ name: 'Wanted' });
    await make.api('DELETE', `/campaigns/${id}`);
    await make.campaign({ name: 'Wanted' });
    expect((await unarchive(id)).status).toBe(409);
  });
});
