/** The unsubscribe link: GET only shows, POST acts, twice is the same as once, and no answer is a redirect. */
import { sql } from '../../src/domain/sql.js';
import { Signing } from '../../src/platform/signing.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { freezeDispatch } from '../support/dispatches.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let counter = 0;
const topics = ['news', 'offers'];

async function makeContact(email = `p${++counter}@example.com`, externalId?: string): Promise<string> {
  const consent = topics.map(topic => ({ channel: 'email', topic, state: 'granted', source: 'test' }));
  return (await app.api('POST', '/v1/contacts', { email, consent, ...(externalId ? { externalId } : {}) })).body.id;
}

const linkOf = (contactId: string) =>
  `${app.url}/u/${app.get(Signing).sign('unsubscribe', [app.workspaceId, contactId, 'email', 'news', '7'])}`;
const reachOf = (contactId: string) =>
  app.db.row<{ is_suppressed: boolean; topics: string[] }>(
    sql`select is_suppressed, topics from reach where contact_id = ${contactId}`,
  );
const oneClick = { method: 'POST', redirect: 'manual' as const, body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };

test('looking at the page changes nothing', async () => {
  const contact = await makeContact();
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(linkOf(contact), { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  const page = await (await fetch(linkOf(contact))).text();
  expect(page).toContain('<form method="post">');
  expect(page).toContain('p…@example.com');
  expect((await reachOf(contact))?.topics.sort()).toEqual(topics);
});

test('one click withdraws the topic, without a redirect, and a second one adds nothing', async () => {
  const contact = await makeContact();
  for (let i = 0; i < 2; i++) expect((await fetch(linkOf(contact), oneClick)).status).toBe(200);
  expect(await reachOf(contact)).toMatchObject({ topics: ['offers'], is_suppressed: false });
  const consents = (await app.api('GET', `/v1/contacts/${contact}/consents`)).body.data;
  expect(consents.filter((row: { state: string }) => row.state === 'withdrawn')).toMatchObject([
    { topic: 'news', proof: { method: 'one-click', dispatchId: '7' } },
  ]);
  const events = (await app.api('GET', `/v1/contacts/${contact}/events`)).body.data;
  expect(events).toMatchObject([{ name: 'message.unsubscribed', properties: { topic: 'news', dispatchId: '7' } }]);
});

test('one click as multipart form data works as well', async () => {
  const contact = await makeContact();
  const body = new FormData();
  body.set('List-Unsubscribe', 'One-Click');
  expect((await fetch(linkOf(contact), { method: 'POST', body })).status).toBe(200);
  expect(await reachOf(contact)).toMatchObject({ topics: ['offers'] });
});

test('a POST without a body is a click too', async () => {
  const contact = await makeContact();
  expect((await fetch(linkOf(contact), { method: 'POST' })).status).toBe(200);
  expect(await reachOf(contact)).toMatchObject({ topics: ['offers'] });
});

test('the button for everything suppresses the address', async () => {
  const contact = await makeContact();
  const response = await fetch(linkOf(contact), { method: 'POST', body: new URLSearchParams({ scope: 'all' }) });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('all our messages')]);
  expect(await reachOf(contact)).toMatchObject({ is_suppressed: true });
});

test('the button for everything tells what it took from an address that was left before', async () => {
  const contact = await makeContact();
  const all = { method: 'POST', body: new URLSearchParams({ scope: 'all' }) };
  await fetch(linkOf(contact), all);
  const offers = { channel: 'email', topic: 'offers', state: 'granted', source: 'form' };
  await app.api('POST', `/v1/contacts/${contact}/consents`, offers);
  for (let i = 0; i < 2; i++) await fetch(linkOf(contact), all);
  expect(await reachOf(contact)).toMatchObject({ topics: [], is_suppressed: true });
  const events = (await app.api('GET', `/v1/contacts/${contact}/events`)).body.data;
  expect(events.map((event: { name: string }) => event.name)).toEqual(['message.unsubscribed', 'message.unsubscribed']);
});

test('the button for everything means the person too, whose address is another by now', async () => {
  const contact = await makeContact('old@example.com', 'moved');
  const dispatch = await freezeDispatch(app, [{ id: contact, address: 'old@example.com' }], { channel: 'email' });
  await app.api('PATCH', `/v1/contacts/${contact}`, { email: null });
  await app.api('PATCH', `/v1/contacts/${contact}`, { email: 'new@example.com' });
  const link = app.get(Signing).sign('unsubscribe', [app.workspaceId, contact, 'email', 'news', dispatch.id]);
  await fetch(`${app.url}/u/${link}`, { method: 'POST', body: new URLSearchParams({ scope: 'all' }) });
  expect(await reachOf(contact)).toMatchObject({ topics: [], is_suppressed: false });
  const old = await app.api('GET', '/v1/suppressions?channel=email&address=old@example.com');
  expect(old.body.data).toMatchObject([{ reason: 'unsubscribe' }]);
});

test('the button for everything means a person who has no address at the moment', async () => {
  const [contact, forgotten] = [
    await makeContact('was@example.com', 'without'),
    await makeContact('lost@example.com', 'forgotten'),
  ];
  const dispatch = await freezeDispatch(app, [{ id: contact, address: 'was@example.com' }], { channel: 'email' });
  const link = app.get(Signing).sign('unsubscribe', [app.workspaceId, contact, 'email', 'news', dispatch.id]);
  for (const [id, url] of [
    [contact, `${app.url}/u/${link}`],
    [forgotten, linkOf(forgotten)],
  ] as const) {
    await app.api('PATCH', `/v1/contacts/${id}`, { email: null });
    await fetch(url, { method: 'POST', body: new URLSearchParams({ scope: 'all' }) });
    await app.api('PATCH', `/v1/contacts/${id}`, { email: `next-${id}@example.com` });
    expect(await reachOf(id)).toMatchObject({ topics: [], is_suppressed: false });
  }
});

test('everybody who shares the address leaves the topic', async () => {
  const [ann, bob] = [await makeContact('home@example.com', 'ann'), await makeContact('home@example.com', 'bob')];
  await fetch(linkOf(ann), oneClick);
  for (const contact of [ann, bob]) expect(await reachOf(contact)).toMatchObject({ topics: ['offers'] });
});

test('a link that is not ours is a page that says so', async () => {
  for (const token of ['preview', 'AAAA', `x${linkOf(await makeContact()).split('/u/')[1]}`, '%00', 'a'.repeat(900)])
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${app.url}/u/${token}`, { method });
      expect([token, response.status]).toEqual([token, 404]);
    }
});

test('after an erasure the link still answers', async () => {
  const contact = await makeContact();
  const link = linkOf(contact);
  expect((await app.api('DELETE', `/v1/contacts/${contact}`)).status).toBe(204);
  expect((await fetch(link)).status).toBe(200);
  expect((await fetch(link, oneClick)).status).toBe(200);
});
