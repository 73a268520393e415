// A CSV becomes contacts: identities first, nothing wiped, consent only with a source, and the same file twice is the same as once.
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { upload, uploadAndMerge } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ workspace: { defaultCountry: 'FI' } });
});
afterAll(() => app.stop());

/** Everything an import may change, without times and serial numbers. */
async function people(): Promise<unknown> {
  const { rows } = await app.db.pool.query(`
    select c.first_name, c.city, c.attributes,
      (select array_agg(kind || ':' || value order by kind, value) from identity i where i.contact_id = c.id) as identities,
      (select array_agg(concat_ws(' ', channel, address, is_primary, is_suppressed, topics::text, country, area_code, line_type, domain) order by channel, address) from reach r where r.contact_id = c.id) as reach,
      (select array_agg(concat_ws(' ', channel, topic, state, source) order by id) from consent k where k.contact_id = c.id) as consent,
      (select array_agg(name order by name) from contact_tag m join tag t on t.id = m.tag_id where m.contact_id = c.id) as tags,
      (select array_agg(name order by name) from list_member m join list l on l.id = m.list_id where m.contact_id = c.id) as lists
    from contact c order by c.id`);
  return rows;
}

const contact = async (search: string) => {
  const found = await app.api('GET', `/v1/contacts?search=${encodeURIComponent(search)}`);
  return (await app.api('GET', `/v1/contacts/${found.body.data[0].id}`)).body;
};

const file = [
  'Customer ID,First Name,Last Name,E-mail,Mobile,Birthday,Sex,City,Country,Score,Newsletter,Labels',
  'k1,Aino,Virtanen,AINO@Example.com,040 123 4567,1990-05-17,F,Tampere,Finland,12.5,yes,vip;new',
  'k2,Bo,Berg,bo@example.com,+358 40 1234567,,m,Malmö,SE,,no,',
  ',Cem,,cem@example.com,,,,İstanbul,TR,7,,"a,b"',
  ',,,,+98 912 345 6789,,,تهران,IR,,yes,',
].join('\r\n');
const order = {
  kind: 'contacts',
  mapping: { Score: 'attributes.score:number', Newsletter: 'consent.email.news' },
  options: { consentSource: 'Fair 2026', list: 'Fair', tags: ['imported'] },
};

describe('a first file', () => {
  test('is answered with 202 when it is read, then merged', async () => {
    const accepted = await upload(app, file, order);
    expect(accepted.status).toBe(202);
    expect(accepted.body).toMatchObject({ kind: 'contacts', rowsRead: 4, rowsRejected: 0, fileName: 'people.csv' });
    expect(accepted.body.mapping).toMatchObject({
      'Customer ID': 'externalId',
      'E-mail': 'email',
      Mobile: 'phone',
      Birthday: 'birthDate',
      Sex: 'gender',
      Labels: 'tags',
    });
    const done = await eventually(async () => {
      const { body } = await app.api('GET', `/v1/imports/${accepted.body.id}`);
      return body.state === 'done' && body;
    });
    expect(done).toMatchObject({ rowsMerged: 4, contactsCreated: 4, contactsUpdated: 0, etaSeconds: null, error: null });
    expect(done.finishedAt).not.toBeNull();
  });

  test('makes typed people with identities, addresses, consent, tags and lists', async () => {
    expect(await contact('aino@example.com')).toMatchObject({
      externalId: 'k1',
      email: 'aino@example.com',
      phone: '+358401234567',
      firstName: 'Aino',
      birthDate: '1990-05-17',
      gender: 'female',
      city: 'Tampere',
      country: 'FI',
      attributes: { score: 12.5 },
      consent: [{ channel: 'email', topic: 'news', state: 'granted', source: 'Fair 2026' }],
      lists: [{ name: 'Fair' }],
    });
    const aino = await contact('aino@example.com');
    expect(aino.tags.map((tag: { name: string }) => tag.name).sort()).toEqual(['imported', 'new', 'vip']);
    expect(aino.reach).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ channel: 'email', topics: ['news'], isPrimary: true, domain: 'example.com' }),
        expect.objectContaining({ channel: 'sms', address: '+358401234567', country: 'FI', lineType: 'mobile', isPrimary: true }),
      ]),
    );
  });

  test('gives a phone of two customers to the first as identity and to both as address', async () => {
    const bo = await contact('bo@example.com');
    expect(bo.identities).not.toContainEqual({ kind: 'phone', value: '+358401234567' });
    expect(bo.reach).toContainEqual(expect.objectContaining({ channel: 'sms', address: '+358401234567', isPrimary: true }));
  });

  test('tells the followers who changed, one row a batch', async () => {
    const { rows } = await app.db.pool.query(
      `select batch_kind, cardinality(contact_ids) as people from contact_change where batch_kind = 'import'`,
    );
    expect(rows).toEqual([{ batch_kind: 'import', people: 4 }]);
  });
});

test('the same file twice is the same as once', async () => {
  const before = await people();
  const again = await uploadAndMerge(app, file, order);
  expect(again).toMatchObject({ contactsCreated: 0, contactsUpdated: 0, rowsMerged: 4 });
  expect(await people()).toEqual(before);
  const { rows } = await app.db.pool.query(`select count(*)::int as changes from contact_change where batch_kind = 'import'`);
  expect(rows).toEqual([{ changes: 1 }]);
});

test('what is not in the file stays; an empty cell keeps or clears as asked', async () => {
  await uploadAndMerge(app, 'externalId,city,attributes.level\nk1,Oulu,gold\n', { kind: 'contacts' });
  expect(await contact('aino@example.com')).toMatchObject({
    firstName: 'Aino',
    city: 'Oulu',
    attributes: { score: 12.5, level: 'gold' },
  });
  await uploadAndMerge(app, 'externalId,city,attributes.level\nk1,,\n', { kind: 'contacts' });
  expect(await contact('aino@example.com')).toMatchObject({ city: 'Oulu', attributes: { score: 12.5, level: 'gold' } });
  await uploadAndMerge(app, 'externalId,city,attributes.level\nk1,,\n', { kind: 'contacts', options: { emptyMeans: 'clear' } });
  expect(await contact('aino@example.com')).toMatchObject({ firstName: 'Aino', city: null, attributes: { score: 12.5 } });
});

test('rows of one person fold, later rows win per field that is there', async () => {
  const done = await uploadAndMerge(
    app,
    'externalId,email,firstName,city,interests,attributes.a,attributes.b,tags\nf1,f1@x.fi,Old,Turku,a;b,1,,x\nf1,,New,,,,2,y\n,f1@x.fi,,,c,3,,\n',
    { kind: 'contacts' },
  );
  expect(done).toMatchObject({ contactsCreated: 1, rowsMerged: 3 });
  const folded = await contact('f1@x.fi');
  expect(folded).toMatchObject({ firstName: 'New', city: 'Turku', interests: ['c'], attributes: { a: '3', b: '2' } });
  expect(folded.tags.map((tag: { name: string }) => tag.name).sort()).toEqual(['x', 'y']);
});

test('onExisting skip leaves known people alone', async () => {
  const done = await uploadAndMerge(app, 'externalId,firstName\nk1,Changed\nnew1,Made\nnew1,Again\n', {
    kind: 'contacts',
    options: { onExisting: 'skip', tags: ['skipped'] },
  });
  expect(done).toMatchObject({ contactsCreated: 1, rowsSkipped: 2, rowsMerged: 1 });
  const aino = await contact('aino@example.com');
  expect(aino.firstName).toBe('Aino');
  expect(aino.tags.map((tag: { name: string }) => tag.name)).not.toContain('skipped');
});

test('a further phone and email column are further addresses and identities', async () => {
  await uploadAndMerge(app, 'externalId,Phone 1,Phone 2,Email 1,Email 2\nm1,+358 9 1234567,+358 50 1112223,m1@x.fi,m1b@x.fi\n', {
    kind: 'contacts',
  });
  const found = await contact('m1b@x.fi');
  expect(found.externalId).toBe('m1');
  expect(found.reach).toHaveLength(4);
  expect(found.phone).toBe('+358501112223'); // a mobile before a landline
  await uploadAndMerge(app, 'email,firstName\nm1b@x.fi,Found\n', { kind: 'contacts' });
  await uploadAndMerge(app, 'Email 1,Email 2,firstName\nm9@x.fi,,First\nm8@x.fi,m9@x.fi,Second\n', { kind: 'contacts' });
  expect((await contact('m8@x.fi')).firstName).toBe('Second');
  expect((await contact('m1@x.fi')).firstName).toBe('Found');
});

test('a new email of a known customer becomes the primary one', async () => {
  await uploadAndMerge(app, 'externalId,email\nk1,aino.new@example.com\n', { kind: 'contacts' });
  const aino = await contact('aino.new@example.com');
  expect(aino.email).toBe('aino.new@example.com');
  expect(
    aino.reach.filter((reach: { channel: string; isPrimary: boolean }) => reach.channel === 'email' && reach.isPrimary),
  ).toHaveLength(1);
});

test('the country of a row is the country of its national phone numbers', async () => {
  await uploadAndMerge(app, 'externalId,country,phone\nc1,IR,0912 345 6700\nc2,Turkey,0532 123 45 67\n', { kind: 'contacts' });
  const { rows } = await app.db.pool.query(
    `select address from reach r join identity i using (contact_id) where i.value in ('c1', 'c2') and r.channel = 'sms' order by 1`,
  );
  expect(rows).toEqual([{ address: '+905321234567' }, { address: '+989123456700' }]);
});

describe('consent', () => {
  const consent = [{ channel: 'email', topic: 'offers', source: 'Shop' }];

  test('is given to rows that can be reached there, once', async () => {
    await uploadAndMerge(app, 'email,phone\nq1@x.fi,\n,+358401110000\n', { kind: 'contacts', options: { consent } });
    await uploadAndMerge(app, 'email\nq1@x.fi\n', { kind: 'contacts', options: { consent } });
    const { rows } = await app.db.pool.query(
      `select state, source, address_hash is not null as hashed from consent where topic = 'offers'`,
    );
    expect(rows).toEqual([{ state: 'granted', source: 'Shop', hashed: true }]);
  });

  test('of an old file never outweighs a withdrawal on file', async () => {
    const { id } = await contact('q1@x.fi');
    await app.api('POST', `/v1/contacts/${id}/consents`, {
      channel: 'email',
      topic: 'offers',
      state: 'withdrawn',
      source: 'preference page',
    });
    await uploadAndMerge(app, 'email\nq1@x.fi\n', { kind: 'contacts', options: { consent } });
    expect((await contact('q1@x.fi')).reach[0].topics).toEqual([]);
    await uploadAndMerge(app, 'email,consent.email.offers,consentAt,consentSource\nq1@x.fi,yes,2020-01-01,Old form\n', {
      kind: 'contacts',
    });
    expect((await contact('q1@x.fi')).reach[0].topics).toEqual([]);
  });

  test('with a time of its own counts when it is the latest word', async () => {
    const soon = new Date(app.clock.now().getTime() + 60_000).toISOString();
    await uploadAndMerge(app, `email,consent.email.offers,consentAt,consentSource\nq1@x.fi,yes,${soon},New form\n`, {
      kind: 'contacts',
    });
    const { id, reach } = await contact('q1@x.fi');
    expect(reach[0].topics).toEqual(['offers']);
    // That time lies ahead: what the person says next counts all the same.
    await app.api('POST', `/v1/contacts/${id}/consents`, {
      channel: 'email',
      topic: 'offers',
      state: 'withdrawn',
      source: 'link',
    });
    expect((await contact('q1@x.fi')).reach[0].topics).toEqual([]);
  });

  test('of a new person is what the row says, and of two words on one topic the later one', async () => {
    const old = { channel: 'email', topic: 'news', source: 'Fair', occurredAt: '2020-01-01T00:00:00Z' };
    await uploadAndMerge(
      app,
      'email,phone,consent.email.news,consent.email.alerts,consent.sms.alerts\nw1@x.fi,+358401110001,no,yes,no\nw2@x.fi,+358401110002,,,yes\n',
      { kind: 'contacts', options: { consent: [old], consentSource: 'List' } },
    );
    const topics = async (search: string) =>
      (await contact(search)).reach.map((of: { channel: string; topics: string[] }) => [of.channel, of.topics]);
    expect(await topics('w1@x.fi')).toEqual([
      ['email', ['alerts']],
      ['sms', []],
    ]);
    expect(await topics('w2@x.fi')).toEqual([
      ['email', ['news']],
      ['sms', ['alerts']],
    ]);
  });

  test('is kept apart for topics whose long names begin alike', async () => {
    const [men, women] = ['men', 'women'].map(who => `consent.email.weekly-newsletter-helsinki-${who}`);
    await uploadAndMerge(app, `email,${men},${women}\nlong@x.fi,no,yes\n`, {
      kind: 'contacts',
      options: { consentSource: 'Shop' },
    });
    const { consent, reach } = await contact('long@x.fi');
    expect(consent.map(({ topic, state }: { topic: string; state: string }) => [topic.slice(-5), state]).sort()).toEqual([
      ['i-men', 'withdrawn'],
      ['women', 'granted'],
    ]);
    expect(reach[0].topics).toEqual(['weekly-newsletter-helsinki-women']);
  });

  test('needs a source, in the options or in the row', async () => {
    expect((await upload(app, 'email,consent.email.offers\na@x.fi,yes\n', { kind: 'contacts' })).body.errors[0].pointer).toBe(
      '/options/consentSource',
    );
    expect(
      (await upload(app, 'email\na@x.fi\n', { kind: 'contacts', options: { consent: [{ channel: 'email', topic: 'offers' }] } }))
        .body.errors[0].pointer,
    ).toBe('/options/consent/0/source');
    const done = await uploadAndMerge(app, 'email,consent.email.offers,consentSource\nn1@x.fi,yes,\nn2@x.fi,,\n', {
      kind: 'contacts',
    });
    expect(done).toMatchObject({ rowsRejected: 1, rowsMerged: 1 });
  });

  test('does not lift a suppression', async () => {
    await app.api('POST', '/v1/suppressions', { channel: 'email', address: 'stopped@x.fi', reason: 'complaint' });
    await uploadAndMerge(app, 'email\nstopped@x.fi\n', { kind: 'contacts', options: { consent } });
    expect((await contact('stopped@x.fi')).reach[0]).toMatchObject({ isSuppressed: true, topics: ['offers'] });
  });
});
