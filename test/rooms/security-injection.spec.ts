/** What a contact's own data may do to a message: nothing but be read. Headers, HTML and addresses hold, whatever is in the values. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestApp, type TestApp } from '../support/app.js';
import { uploadAndMerge } from '../support/imports.js';
import { eventually } from '../support/eventually.js';

jest.setTimeout(120_000);

let app: TestApp;
let everyone: string;
const evil = `"><script>alert(1)</script><img src=x onerror='x'>\r\nBcc: all@example.com\r\n\r\n{{phone}}`;

beforeAll(async () => {
  app = await startTestApp();
  const consent = [{ channel: 'email', topic: 'news', state: 'granted', source: 'test' }];
  const attributes = { link: 'javascript:alert(1)', plan: evil };
  const made = await app.api('POST', '/v1/contacts', {
    email: 'ann@example.com',
    firstName: evil,
    city: evil,
    attributes,
    consent,
  });
  expect(made.body.outcome).toBe('created');
  everyone = (await app.api('POST', '/v1/segments', { name: 'All', rule: { version: 1, rule: { kind: 'all', rules: [] } } })).body
    .id;
});
afterAll(() => app.stop());

const html = `<p title="{{firstName}}">{{firstName}} {{attributes.plan}}</p><a href="{{attributes.link}}">a</a>
  <a href="https://shop.example/?c={{city}}" style="color:{{city}}">b</a><a href="{{unsubscribeUrl}}">c</a><!-- {{city}} -->`;

test('a mail to a contact of hostile values has one recipient, our headers and our tags', async () => {
  const template = await app.api('POST', '/v1/templates', {
    name: 'T',
    channel: 'email',
    subject: 'Hi {{firstName}}',
    preheader: '{{city}}',
    html,
  });
  expect(template.status).toBe(201);
  const common = {
    name: 'Spring\r\nBcc: x@example.com',
    channel: 'email',
    class: 'marketing',
    topic: 'news',
    templateId: template.body.id,
  };
  const sender = { fromName: 'Shop', fromAddress: 'shop@example.com', replyTo: 'help@example.com' };
  const { body: campaign } = await app.api('POST', '/v1/campaigns', { ...common, sender, includeSegmentIds: [everyone] });
  expect((await app.api('POST', `/v1/campaigns/${campaign.id}/launch`, {})).status).toBe(200);
  const [listed] = await eventually(async () => {
    const { body } = await app.api('GET', '/v1/sandbox/messages');
    return body.data.length > 0 && body.data;
  });
  const { body: mail } = await app.api('GET', `/v1/sandbox/messages/${listed.id}`);

  expect(mail.to).toBe('ann@example.com');
  const names = mail.headers.map((header: { name: string }) => header.name.toLowerCase());
  expect(names).not.toContain('bcc');
  expect(new Set(names).size).toBe(names.length);
  expect(mail.subject).toContain('Bcc: all@example.com');
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(mail.html).not.toMatch(/<script|<img|javascript:/i);
  expect(mail.html).toContain('<a href="">a</a>');
  expect(mail.html).toMatch(new RegExp(`<a href="${app.url.replace('127.0.0.1', '[\\w.]+')}/u/`));
  // The values of a value are never read as a template.
  expect(mail.text).toContain('{{phone}}');
});

test.each([
  ['fromName', { fromName: 'Shop\r\nBcc: x@example.com' }],
  ['fromName', { fromName: 'Shop\u0000' }],
  ['fromAddress', { fromAddress: 'shop@example.com\r\nBcc: x@example.com' }],
  ['fromAddress', { fromAddress: 'shop@example.com, all@example.com' }],
  ['fromAddress', { fromAddress: '{{email}}' }],
  ['replyTo', { replyTo: 'help@example.com\nBcc: x@example.com' }],
  ['replyTo', { replyTo: '"a\r\n"@example.com' }],
])('a sender whose %s would start a header of its own is refused', async (field, change) => {
  const sender = { fromAddress: 'shop@example.com', ...change };
  const wanted = {
    name: 'x',
    channel: 'email',
    class: 'marketing',
    topic: 'news',
    templateId: '1',
    includeSegmentIds: [everyone],
    sender,
  };
  const answer = await app.api('POST', '/v1/campaigns', wanted);
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, `/sender/${field}`]);
});

test('a subject of several lines, a prototype and a helper nobody made are refused', async () => {
  const refused = [
    { subject: 'a\r\nBcc: x@example.com' },
    { subject: '{{constructor.constructor "return process"}}' },
    { html: '{{#with this}}{{__proto__}}{{/with}}' },
    { html: '{{lookup this "constructor"}}' },
    { html: '{{> (lookup . "x")}}' },
    { html: '{{{firstName}}}' },
    { html: '{{#each this}}{{@root}}{{/each}}' },
    { html: { type: 'Program', body: [] } },
  ];
  for (const change of refused) {
    const answer = await app.api('POST', '/v1/templates/preview', {
      channel: 'email',
      subject: 'x',
      html: '<p>x</p>',
      text: 'x',
      ...change,
    });
    expect([change, answer.status]).toEqual([change, 422]);
    expect(answer.body.errors[0].pointer).toMatch(/^\/(subject|html)$/);
  }
});

test('values in a preview are data: no prototype is reached through their names', async () => {
  const values = JSON.parse(
    '{"firstName":"A","__proto__":{"city":"polluted"},"constructor":"x","attributes":{"__proto__":"x"}}',
  ) as object;
  const answer = await app.api('POST', '/v1/templates/preview', { channel: 'sms', body: 'Hi {{firstName}} {{city}}', values });
  expect(answer.status).toBeLessThan(500);
  expect(answer.text).not.toContain('polluted');
  expect(({} as { city?: string }).city).toBeUndefined();
});

test('rejected rows come back as cells, never as formulas', async () => {
  const formulas = ['=HYPERLINK("https://evil.example")', '+1+1|cmd', '-2+3', '@SUM(A1)', '\tx', '\rx'];
  const csv = `external_id,email,=evil()\n${formulas.map(cell => `"${cell.replaceAll('"', '""')}",nonsense@,"${cell.replaceAll('"', '""')}"\n`).join('')}`;
  const mapping = { external_id: 'externalId', email: 'email', '=evil()': 'attributes.note' };
  const done = await uploadAndMerge(app, csv, { kind: 'contacts', mapping });
  expect(done.rowsRejected).toBe(formulas.length);
  const { text, headers } = await app.api('GET', `/v1/imports/${done.id}/rejects.csv`);
  expect(headers.get('content-disposition')).toContain('attachment');
  for (const cell of text.split(/[,\n]/)) expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
});

describe('where a gateway may point', () => {
  const make = (settings: object) =>
    app.api('POST', '/v1/gateways', {
      kind: 'twilio',
      name: 'x',
      settings: { accountSid: `AC${'3'.repeat(32)}`, ...settings },
      secrets: { authToken: 'x' },
    });

  test.each([
    'http://example.com',
    'http://169.254.169.254',
    'http://10.0.0.1',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://localhost@evil.example',
    'https://user:pass@example.com',
    'https://example.com/path',
    'https://example.com?x=1',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//example.com',
    'https://example.com\r\nHost: x',
  ])('%j is refused: https anywhere, http only on this machine', async baseUrl => {
    const answer = await make({ baseUrl });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/settings/baseUrl']);
  });

  test('an answer that leads elsewhere is not followed, and the credentials stay', async () => {
    const visits: (string | undefined)[] = [];
    const elsewhere = createServer(
      (request, response) => (visits.push(request.headers.authorization), response.end('{}')),
    ).listen(0, '127.0.0.1');
    const port = (server: typeof elsewhere) => (server.address() as AddressInfo).port;
    const redirecting = createServer((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${port(elsewhere)}/` }).end(),
    ).listen(0, '127.0.0.1');
    await new Promise(resolve => setTimeout(resolve, 50));
    const { body } = await make({ baseUrl: `http://127.0.0.1:${port(redirecting)}` });
    const check = await app.api('POST', `/v1/gateways/${body.id}/check`);
    expect(check.body.isOk).toBe(false);
    expect(visits).toEqual([]);
    for (const server of [elsewhere, redirecting]) server.close();
  });

  test('a stored secret is not sent to a new place', async () => {
    const { body } = await app.api('POST', '/v1/gateways', {
      kind: 'smtp',
      name: 'mail',
      settings: { host: 'relay.internal', user: 'me' },
      secrets: { password: 'x' },
    });
    for (const settings of [{ host: 'evil.example' }, { port: 25 }, { security: 'none' }, { user: 'you' }]) {
      const answer = await app.api('PATCH', `/v1/gateways/${body.id}`, { settings });
      expect([settings, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([settings, 422, '/secrets']);
    }
  });
});
