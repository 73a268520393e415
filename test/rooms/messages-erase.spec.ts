// Erasing a person reaches what was sent to them.
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

let app: TestApp;
beforeAll(async () => void (app = await startTestApp()));
afterAll(() => app.stop());

test('the ledger of an erased contact keeps states and loses address and merge values', async () => {
  const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'test' }];
  const contact = await app.api('POST', '/v1/contacts', { firstName: 'Ada', city: 'Oulu', phone: '+12125550101', consent });
  const rule = { version: 1, rule: { kind: 'place', city: ['Oulu'] } };
  const segment = await app.api('POST', '/v1/segments', { name: 'Oulu', rule });
  const template = await app.api('POST', '/v1/templates', { name: 'Hi', channel: 'sms', body: 'Hi {{firstName}}' });
  const campaign = await app.api('POST', '/v1/campaigns', {
    name: 'Hi',
    channel: 'sms',
    class: 'marketing',
    topic: 'news',
    sender: { from: '+12125550100' },
    templateId: template.body.id,
    includeSegmentIds: [segment.body.id],
  });
  await app.api('POST', `/v1/campaigns/${campaign.body.id}/launch`, {});
  const row = () => app.db.row<Record<string, unknown>>(sql`select state, address, address_hash, merge_values from message`);
  await eventually(async () => (await row())?.state === 'delivered');
  expect(await row()).toMatchObject({ address: '+12125550101', merge_values: { firstName: 'Ada' } });

  expect((await app.api('DELETE', `/v1/contacts/${contact.body.id ?? contact.body.contact?.id}`)).status).toBeLessThan(300);
  await eventually(async () => (await row())?.address === null);
  expect(await row()).toEqual({ state: 'delivered', address: null, address_hash: null, merge_values: null });
});
