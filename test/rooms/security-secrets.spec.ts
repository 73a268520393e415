/** Secrets go in and never come out: not in answers, problems, the audit trail, jobs or logs; and logs name no person. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { sql } from '../../src/domain/sql.js';
import { SandboxAddress } from '../../src/gateways/sandbox-address.js';
import { loadConfig } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { Signing } from '../../src/platform/signing.js';
import { type Answer, call, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { uploadAndMerge } from '../support/imports.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { startTwilioSink, type TwilioSink } from '../support/twilio-sink.js';

jest.setTimeout(120_000);

const secrets = { twilio: 'hunter2-of-twilio', smtp: 'hunter2-of-smtp', changed: 'hunter3-of-smtp' };
const people = ['Gwendolyn', '2125550133', 'gwendolyn@example.com', '2125550134', 'winifred@example.com'];

let app: TestApp;
let twilio: TwilioSink;
let smtp: SmtpSink;
let logged = '';
const answers: Answer[] = [];

const api = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const answer = await app.api(method, path, body);
  answers.push(answer);
  return answer;
};

beforeAll(async () => {
  [twilio, smtp] = await Promise.all([startTwilioSink(), startSmtpSink()]);
  const destination = new Writable({ write: (chunk: Buffer, _encoding, done) => ((logged += chunk.toString()), done()) });
  app = await startTestApp({ log: createLog('debug', 'all', destination) });
  await liveThroughADay();
});
afterAll(async () => {
  await app.stop();
  await Promise.all([twilio.close(), smtp.close()]);
});

/** What can go right and wrong with gateways, people and messages. */
async function liveThroughADay(): Promise<void> {
  const settings = { accountSid: `AC${'2'.repeat(32)}`, baseUrl: twilio.url };
  const sms = await api('POST', '/v1/gateways', {
    kind: 'twilio',
    name: 'Text',
    settings,
    secrets: { authToken: secrets.twilio },
  });
  const server = { host: '127.0.0.1', port: smtp.port, security: 'none', user: 'me' };
  const mail = await api('POST', '/v1/gateways', {
    kind: 'smtp',
    name: 'Mail',
    settings: server,
    secrets: { password: secrets.smtp },
  });
  const both = [sms.body.id, mail.body.id];
  for (const behaviour of ['accept', 'refuse-credentials', 'drop-before-hand-off', 'not-listening', 'accept'] as const) {
    await Promise.all([twilio.behave(behaviour), smtp.behave(behaviour)]);
    for (const id of both) await api('POST', `/v1/gateways/${id}/check`);
  }
  await api('PATCH', `/v1/gateways/${mail.body.id}`, { secrets: { password: secrets.changed } });
  await api('PATCH', `/v1/gateways/${mail.body.id}`, { secrets: { password: secrets.changed, more: secrets.changed } });
  await api('PATCH', `/v1/gateways/${mail.body.id}`, { settings: { host: 'elsewhere.example' } });
  await api('POST', '/v1/gateways', { kind: 'twilio', name: 'Text', settings, secrets: { authToken: secrets.twilio } });
  await api('POST', '/v1/gateways', {
    kind: 'smtp',
    name: 'x',
    settings: { ...server, port: 'x' },
    secrets: { password: secrets.smtp },
  });
  for (const id of both) await api('POST', `/v1/gateways/${id}/default`);
  await api('GET', '/v1/gateways');

  const consent = ['sms', 'email'].map(channel => ({ channel, topic: 'news', state: 'granted', source: 'test' }));
  const contact = await api('POST', '/v1/contacts', { firstName: people[0], phone: `+1${people[1]}`, email: people[2], consent });
  await uploadAndMerge(app, `first_name,phone,email\nWinnie,+1${people[3]},${people[4]}\nWinnie,nothing,${people[4]}x@\n`, {
    kind: 'contacts',
  });
  for (const text of people) await app.api('GET', `/v1/contacts?search=${encodeURIComponent(text)}`);
  await send('sms', sms.body.id, { from: '+12025550100' }, { body: 'Hi {{firstName}}' });
  await send('email', mail.body.id, { fromAddress: 'shop@example.com' }, { subject: 'Hi', html: '<p>{{firstName}}</p>' });
  const token = app.get(Signing).sign('unsubscribe', [app.workspaceId, contact.body.id, 'email', 'news', '1']);
  await fetch(`${app.url}/u/${token}`, { method: 'POST' });
  expect(logged).not.toContain(token);
  await app.api('POST', '/v1/sandbox/replies', { from: `+1${people[1]}`, to: '+12025550100', body: 'STOP' });
}

async function send(channel: string, gatewayId: string, sender: object, content: object): Promise<void> {
  const template = await app.api('POST', '/v1/templates', { name: channel, channel, ...content });
  const segment = await app.api('POST', '/v1/segments', {
    name: channel,
    rule: { version: 1, rule: { kind: 'all', rules: [] } },
  });
  const wanted = {
    name: channel,
    channel,
    class: 'marketing',
    topic: 'news',
    sender,
    gatewayId,
    templateId: template.body.id,
    includeSegmentIds: [segment.body.id],
  };
  const { body } = await app.api('POST', '/v1/campaigns', wanted);
  await app.api('POST', `/v1/campaigns/${body.id}/launch`, {});
  await eventually(async () => (await app.api('GET', `/v1/campaigns/${body.id}`)).body.state === 'done');
}

const ourSecrets = () => [
  ...Object.values(secrets),
  app.key,
  app.config.secretKey,
  app.get(SandboxAddress).credentials(app.workspaceId).authToken,
];

test('the providers got the secrets, so they are real', () => {
  expect(twilio.taken.length).toBeGreaterThan(0);
  expect(smtp.taken.length).toBeGreaterThan(0);
});

test('no answer about gateways holds a secret, whether it went well or not', () => {
  expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 201, 409, 422]));
  for (const { text } of answers) for (const secret of ourSecrets()) expect(text).not.toContain(secret);
});

test('no column of the database holds a secret in the clear, nor does a job', async () => {
  const tables = await app.db.rows<{
    name: string;
  }>(sql`select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('public', 'bullmq', 'staging') and table_type = 'BASE TABLE'`);
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const { rows } = await app.db.pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    const all = rows.map(({ row }) => row).join('\n');
    for (const secret of ourSecrets()) {
      expect([name, all.includes(secret)]).toEqual([name, false]);
      expect([name, all.includes(Buffer.from(secret).toString('hex'))]).toEqual([name, false]);
    }
  }
});

test('the audit trail names no person', async () => {
  const { text } = await app.api('GET', '/v1/audit?limit=500');
  for (const person of people) expect(text).not.toContain(person);
});

test('the log was written, and holds no secret and no person', () => {
  expect(logged).toContain('"url":"/v1/contacts"');
  for (const secret of [...ourSecrets(), ...people]) expect(logged).not.toContain(secret);
});

test('an error of ours is logged and answered without the row that caused it', async () => {
  await app.db.run(sql`alter table reach add constraint broken_on_purpose check (address <> '+12125550135')`);
  const before = logged.length;
  const answer = await app.api('POST', '/v1/contacts', { firstName: 'Philippa', phone: '+12125550135' });
  await app.db.run(sql`alter table reach drop constraint broken_on_purpose`);
  expect(answer.status).toBe(500);
  const told = logged.slice(before);
  expect(told).toContain('broken_on_purpose');
  for (const text of [told, answer.text]) for (const person of ['Philippa', '2125550135']) expect(text).not.toContain(person);
  expect(answer.text).not.toMatch(/reach|constraint|select|insert|node_modules/i);
});

test('a key is shown once, when it is made, and is stored as a hash', async () => {
  const made = await app.api('POST', '/v1/api-keys', { name: 'once', scopes: ['contacts:read'] });
  expect((await call(app.url, made.body.key, 'GET', '/v1/contacts')).status).toBe(200);
  for (const path of ['/v1/api-keys', '/v1/audit']) expect((await app.api('GET', path)).text).not.toContain(made.body.key);
  expect(logged).not.toContain(made.body.key);
});

test('the secret key that the product makes for itself belongs to its owner alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-secret-'));
  loadConfig({ DATA_DIR: folder });
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
