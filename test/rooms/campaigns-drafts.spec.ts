/** Campaigns before they run: made, changed, checked, listed, and sent as a test to a few addresses outside the ledger. */
import { sql } from '../../src/domain/sql.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let segmentId: string;
let smsTemplate: string;
let emailTemplate: string;
beforeAll(async () => {
  app = await startTestApp({ workspace: { defaultCountry: 'FI' } });
  segmentId = (await api('POST', '/segments', { name: 'Oulu', rule: { version: 1, rule: { kind: 'place', city: ['Oulu'] } } }))
    .body.id;
  smsTemplate = (
    await api('POST', '/templates', { name: 'sms', channel: 'sms', body: 'Hi {{default firstName "you"}}: {{campaignName}}' })
  ).body.id;
  emailTemplate = (
    await api('POST', '/templates', {
      name: 'email',
      channel: 'email',
      subject: 'Hi {{firstName}}',
      html: '<p>{{firstName}} <a href="{{unsubscribeUrl}}">Leave</a></p>',
    })
  ).body.id;
});
afterAll(() => app.stop());

let counter = 0;
const api = (method: string, path: string, body?: unknown): Promise<Answer> => app.api(method, `/v1${path}`, body);
const sms = (change: object = {}) => ({
  name: `Campaign ${++counter}`,
  channel: 'sms',
  class: 'marketing',
  topic: 'news',
  sender: { from: 'MyShop' },
  templateId: smsTemplate,
  includeSegmentIds: [segmentId],
  ...change,
});
const email = (change: object = {}) => ({
  ...sms(),
  channel: 'email',
  sender: { fromName: 'The Shop', fromAddress: 'News@Shop.example' },
  templateId: emailTemplate,
  ...change,
});
const create = (body: unknown) => api('POST', '/campaigns', body);
const make = async (body: unknown): Promise<string> => {
  const answer = await create(body);
  expect([answer.status, answer.body]).toEqual([201, answer.body]);
  return answer.body.id;
};

describe('a draft', () => {
  test('is made with everything it names', async () => {
    const { status, body } = await create(email({ excludeSegmentIds: [segmentId], endsAt: '2099-01-01T00:00:00+02:00' }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      channel: 'email',
      class: 'marketing',
      topic: 'news',
      state: 'draft',
      stateReason: null,
      launchAt: null,
      sender: { fromName: 'The Shop', fromAddress: 'news@shop.example' },
      templateId: emailTemplate,
      gatewayId: null,
      includeSegmentIds: [segmentId],
      excludeSegmentIds: [segmentId],
      endsAt: '2098-12-31T22:00:00.000Z',
    });
    expect((await api('GET', `/campaigns/${body.id}`)).body).toEqual(body);
  });

  test('is changed part by part: what is not sent stays, null takes away', async () => {
    const id = await make(email({ sender: { fromName: 'A', fromAddress: 'a@shop.example', replyTo: 'r@shop.example' } }));
    const patch = async (change: object) => (await api('PATCH', `/campaigns/${id}`, change)).body;
    expect((await patch({ sender: { fromAddress: 'b@shop.example' } })).sender).toEqual({
      fromName: 'A',
      fromAddress: 'b@shop.example',
      replyTo: 'r@shop.example',
    });
    expect(await patch({ sender: { replyTo: null }, topic: 'offers' })).toMatchObject({
      topic: 'offers',
      sender: { fromName: 'A', fromAddress: 'b@shop.example' },
    });
    expect((await patch({})).sender).toEqual({ fromName: 'A', fromAddress: 'b@shop.example' });
  });

  test('is listed by state and channel, newest first, page by page', async () => {
    const [first, second] = [await make(sms({ topic: 'paged' })), await make(sms({ topic: 'paged' }))];
    const page = await api('GET', '/campaigns?state=draft&channel=sms&limit=1');
    expect(page.body.data).toMatchObject([{ id: second }]);
    expect((await api('GET', `/campaigns?state=draft&channel=sms&limit=1&after=${page.body.next}`)).body.data).toMatchObject([
      { id: first },
    ]);
    expect((await api('GET', '/campaigns?state=sending')).body.data).toEqual([]);
  });

  test('has a name of its own until it is archived', async () => {
    const body = sms();
    const id = await make(body);
    expect((await create(body)).status).toBe(409);
    expect((await api('DELETE', `/campaigns/${id}`)).status).toBe(204);
    expect((await api('DELETE', `/campaigns/${id}`)).status).toBe(204);
    await make(body);
    expect((await api('PATCH', `/campaigns/${id}`, { topic: 'x' })).status).toBe(409);
    expect((await api('GET', '/campaigns?archived=true')).body.data).toMatchObject([{ id }]);
  });

  test('leaves an audit row for each change', async () => {
    const id = await make(sms());
    await api('PATCH', `/campaigns/${id}`, { topic: 'x' });
    await api('DELETE', `/campaigns/${id}`);
    const { body } = await api('GET', '/audit?limit=3');
    expect(body.data.map((entry: { action: string }) => entry.action)).toEqual([
      'campaign.archived',
      'campaign.updated',
      'campaign.created',
    ]);
  });
});

describe('what a campaign may not name', () => {
  test.each<[string, () => unknown, string]>([
    ['a template of the other channel', () => sms({ templateId: emailTemplate }), '/templateId'],
    ['a template that is not there', () => sms({ templateId: '999999' }), '/templateId'],
    ['a segment that is not there', () => sms({ includeSegmentIds: [segmentId, '999999'] }), '/includeSegmentIds/1'],
    ['an excluded segment that is not there', () => sms({ excludeSegmentIds: ['999999'] }), '/excludeSegmentIds/0'],
    ['no segment', () => sms({ includeSegmentIds: [] }), '/includeSegmentIds'],
    ['a gateway that is not there', () => sms({ gatewayId: '999999' }), '/gatewayId'],
    ['an end in the past', () => sms({ endsAt: '2020-01-01T00:00:00Z' }), '/endsAt'],
    ['a day that does not exist', () => sms({ endsAt: '2026-02-31T00:00:00Z' }), '/endsAt'],
    ['an end without a zone', () => sms({ endsAt: '2099-01-01T00:00:00' }), '/endsAt'],
    ['a sender of twelve letters', () => sms({ sender: { from: 'TwelveLetter' } }), '/sender/from'],
    ['a sender with a header in it', () => sms({ sender: { from: 'a\r\nb' } }), '/sender/from'],
    ['an email sender for SMS', () => sms({ sender: { from: 'Shop', fromAddress: 'a@b.example' } }), '/sender/fromAddress'],
    ['no sender', () => sms({ sender: undefined }), '/sender'],
    ['a sender that is no address', () => email({ sender: { fromAddress: 'Shop <a@b.example>' } }), '/sender/fromAddress'],
    [
      'a sender name of two lines',
      () => email({ sender: { fromName: 'a\nBcc: x', fromAddress: 'a@b.example' } }),
      '/sender/fromName',
    ],
    ['a reply address that is none', () => email({ sender: { fromAddress: 'a@b.example', replyTo: 'x' } }), '/sender/replyTo'],
    ['a topic that is SQL', () => sms({ topic: "news'; drop table campaign; --" }), '/topic'],
    ['a NUL in its name', () => sms({ name: 'a\0b' }), '/name'],
    ['half a surrogate pair in its name', () => sms({ name: '\ud83d' }), '/name'],
    ['ids that are numbers', () => sms({ includeSegmentIds: [1] }), '/includeSegmentIds/0'],
    ['an id beyond bigint', () => sms({ templateId: '99999999999999999999' }), '/templateId'],
    ['text in place of a list', () => sms({ includeSegmentIds: segmentId }), '/includeSegmentIds'],
    ['an unknown field', () => sms({ state: 'sending' }), '/state'],
    ['an unknown class', () => sms({ class: 'spam' }), '/class'],
  ])('%s', async (_name, body, pointer) => {
    const answer = await create(body());
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  test('every wrong reference is named at once', async () => {
    const { body } = await create(
      sms({ templateId: '999', gatewayId: '999', includeSegmentIds: ['998'], excludeSegmentIds: ['999'] }),
    );
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/templateId',
      '/gatewayId',
      '/includeSegmentIds/0',
      '/excludeSegmentIds/0',
    ]);
  });

  test('a change may not bring the other channel’s sender', async () => {
    const id = await make(sms());
    const answer = await api('PATCH', `/campaigns/${id}`, { sender: { fromAddress: 'a@b.example' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/sender/fromAddress' }] } });
  });

  test.each(['plan', 'launch', 'pause', 'resume', 'cancel', 'unschedule', 'test'])('%s of no campaign is a 404', async verb => {
    const body = verb === 'test' ? { to: ['x'] } : {};
    expect((await api('POST', `/campaigns/999999/${verb}`, body)).status).toBe(404);
    expect((await api('POST', `/campaigns/x/${verb}`, body)).status).toBe(422);
  });

  test.each(['pause', 'resume', 'unschedule'])('%s of a draft is a 409 that says where it is', async verb => {
    const id = await make(sms());
    expect(await api('POST', `/campaigns/${id}/${verb}`, {})).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is draft') },
    });
  });
});

describe('a test send', () => {
  const inbox = (recipient: string) =>
    app.db.rows<{ subject: string | null; body: string; sender: string; headers: Record<string, string> }>(
      sql`select subject, body, sender, headers from sandbox_message where recipient = ${recipient} order by id`,
    );

  test('of an SMS goes to each address, names what it refuses, and counts nowhere', async () => {
    await api('POST', '/suppressions', { channel: 'sms', address: '+358401234599', reason: 'manual', source: 'test' });
    const id = await make(sms({ name: 'Tested' }));
    const { status, body } = await api('POST', `/campaigns/${id}/test`, {
      to: ['040 123 4501', '+358401234599', 'nobody', '+15005550002'],
    });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { variant: null, to: '040 123 4501', outcome: 'sent', providerId: expect.any(String) },
      { variant: null, to: '+358401234599', outcome: 'refused', reason: 'suppressed' },
      { variant: null, to: 'nobody', outcome: 'refused', reason: 'invalid-address' },
      { variant: null, to: '+15005550002', outcome: 'failed', reason: expect.stringContaining('21211') },
    ]);
    expect(await inbox('+358401234501')).toMatchObject([{ body: 'Hi you: Tested', sender: 'MyShop' }]);
    expect(await inbox('+358401234599')).toEqual([]);
    expect((await api('GET', `/campaigns/${id}/report`)).body).toMatchObject({ state: 'draft', dispatches: [] });
    const { body: trail } = await api('GET', '/audit?limit=1');
    expect(trail.data[0]).toMatchObject({ action: 'campaign.tested', target: `campaign:${id}`, details: { addresses: 4 } });
    expect(JSON.stringify(trail.data[0])).not.toContain('4501');
  });

  test('of an email is filled for a contact, and its unsubscribe link belongs to nobody', async () => {
    const contact = await api('POST', '/contacts', { firstName: 'Aino', email: 'aino@example.com' });
    const id = await make(email());
    const { body } = await api('POST', `/campaigns/${id}/test`, { to: ['Boss@Example.com'], contactId: contact.body.id });
    expect(body.results).toMatchObject([{ to: 'Boss@Example.com', outcome: 'sent' }]);
    const [mail] = await inbox('boss@example.com');
    expect(mail?.subject).toBe('Hi Aino');
    expect(JSON.stringify(mail)).toContain('/u/preview');
    expect(await inbox('aino@example.com')).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['nobody', { to: [] }, '/to'],
    ['eleven addresses', { to: Array.from({ length: 11 }, () => '+358401234501') }, '/to'],
    ['text', { to: '+358401234501' }, '/to'],
    ['a NUL', { to: ['+358\0'] }, '/to/0'],
    ['a contact that is not there', { to: ['+358401234501'], contactId: '999999' }, '/contactId'],
  ])('to %s is refused', async (_name, body, pointer) => {
    const id = await make(sms());
    const answer = await api('POST', `/campaigns/${id}/test`, body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});
