// Broken and hostile uploads: a 4xx problem that names what is wrong, or rejected rows with row, column and reason; never a 5xx.
import { connect } from 'node:net';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { formOf, upload, type Upload, uploadAndMerge } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const contacts = { kind: 'contacts' } satisfies Upload;
const orders = { kind: 'orders' } satisfies Upload;
const latin1 = Buffer.concat([Buffer.from('email,city\na@x.fi,'), Buffer.from([0xc5, 0x62, 0x6f]), Buffer.from('\n')]);

const brokenFiles: [string, string | Buffer, Upload, string, string | RegExp][] = [
  ['an empty file', '', contacts, '/file', 'empty'],
  ['only a BOM', '\ufeff', contacts, '/file', 'empty'],
  ['a header without rows', 'email,phone\n', contacts, '/file', 'no rows'],
  ['rows without a header', 'a@x.fi,Aino\nb@x.fi,Bo\n', contacts, '/mapping', 'names the person'],
  ['blank column names', ',,\na@x.fi,b,c\n', contacts, '/file', 'no column names'],
  ['one blank column name', 'email,,city\na@x.fi,b,c\n', contacts, '/file', 'Column 2 has no name'],
  ['two columns of one name', 'email,City,City\na@x.fi,b,c\n', contacts, '/file', '"City"'],
  ['UTF-16', Buffer.from('\ufeffemail\na@x.fi\n', 'utf16le'), contacts, '/file', 'UTF-16'],
  ['Latin-1', latin1, contacts, '/file', 'Line 2 is not UTF-8'],
  ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), contacts, '/file', 'Excel'],
  ['gzip', Buffer.from('1f8b080000000000', 'hex'), contacts, '/file', 'compressed'],
  ['a quote that never closes', 'email,city\na@x.fi,"Turku\nb@x.fi,Oulu\n', contacts, '/file', 'never closed'],
  ['text behind a closing quote', 'email,city\na@x.fi,"Tur"ku\n', contacts, '/file', 'Line 2'],
  ['a record of megabytes', `email,city\na@x.fi,"${'x'.repeat(3_000_000)}"\n`, contacts, '/file', 'longer than 1 MB'],
  ['a broken header', 'em"ail,city\na@x.fi,x\n', contacts, '/file', 'header'],
  ['600 columns', `${Array.from({ length: 600 }, (_, i) => `c${i}`).join(',')}\n`, contacts, '/file', '600 columns'],
  [
    'a mapping to an unknown field',
    'Mail\na@x.fi\n',
    { ...contacts, mapping: { Mail: 'emial' } },
    '/mapping/Mail',
    'not a field',
  ],
  [
    'a mapping of a missing column',
    'email\na@x.fi\n',
    { ...contacts, mapping: { 'a/b~c': 'city' } },
    '/mapping/a~1b~0c',
    'no column',
  ],
  [
    'two columns for one field',
    'email,A,B\na@x.fi,1,2\n',
    { ...contacts, mapping: { A: 'city', B: 'city' } },
    '/mapping',
    'both mean city',
  ],
  ['an order field in contacts', 'email,x\na@x.fi,1\n', { ...contacts, mapping: { x: 'orderId' } }, '/mapping/x', 'not a field'],
  ['a prototype as field', 'email,x\na@x.fi,1\n', { ...contacts, mapping: { x: 'constructor' } }, '/mapping/x', 'not a field'],
  [
    'a consent column without a source',
    'email,ok\na@x.fi,yes\n',
    { ...contacts, mapping: { ok: 'consent.sms.news' } },
    '/options/consentSource',
    'source',
  ],
  ['orders without an order id', 'email,date,total\na@x.fi,2026-01-01,5\n', orders, '/mapping', 'orderId'],
  ['orders without an amount', 'email,order id,date\na@x.fi,1,2026-01-01\n', orders, '/mapping', 'amount'],
  ['an unknown kind', 'email\na@x.fi\n', { kind: 'people' }, '/kind', ''],
  ['no kind', 'email\na@x.fi\n', {}, '/kind', 'before the file'],
  ['a mapping that is not JSON', 'email\na@x.fi\n', { ...contacts, mapping: '{' }, '/mapping', 'JSON'],
  ['a mapping that is a list', 'email\na@x.fi\n', { ...contacts, mapping: ['email'] }, '/mapping', ''],
  ['an unknown option', 'email\na@x.fi\n', { ...contacts, options: { sudo: true } }, '/options/sudo', 'Unknown field'],
  ['an option of the wrong type', 'email\na@x.fi\n', { ...contacts, options: { tags: 'vip' } }, '/options/tags', ''],
  [
    'a country that does not exist',
    'email\na@x.fi\n',
    { ...contacts, options: { defaultCountry: 'ZZ' } },
    '/options/defaultCountry',
    '',
  ],
  ['a zone that does not exist', 'email\na@x.fi\n', { ...contacts, options: { timeZone: 'Mars/Base' } }, '/options/timeZone', ''],
  ['NUL in an option', 'email\na@x.fi\n', { ...contacts, options: { list: 'a\0b' } }, '/options/list', 'NUL'],
  [
    'consent without a source',
    'email\na@x.fi\n',
    { ...contacts, options: { consent: [{ channel: 'email', topic: 'x' }] } },
    '/options/consent/0/source',
    '',
  ],
  [
    'consent at an impossible time',
    'email\na@x.fi\n',
    { ...contacts, options: { consent: [{ channel: 'email', topic: 'x', source: 's', occurredAt: '2026-02-31' }] } },
    '/options/consent/0/occurredAt',
    '',
  ],
];

test.each(brokenFiles)('%s is refused by name', async (_, file, order, pointer, words) => {
  const answer = await upload(app, file, order);
  expect({ status: answer.status, detail: answer.body.detail }).toMatchObject({ status: 422 });
  expect(answer.body.errors[0].pointer).toBe(pointer);
  expect(answer.body.errors[0].message).toMatch(words);
});

test('refused uploads leave no staging behind and say why in the list', async () => {
  await app.sweep();
  const { rows } = await app.db.pool.query(
    `select relname from pg_class where relnamespace = 'staging'::regnamespace and relkind = 'r'`,
  );
  expect(rows).toEqual([]);
  const { body } = await app.api('GET', '/v1/imports?limit=500');
  expect(new Set(body.data.map((item: { state: string }) => item.state))).toEqual(new Set(['failed']));
  expect(body.data.every((item: { error: string }) => item.error.length > 5)).toBe(true);
});

describe('rejected rows', () => {
  const file = [
    'externalId,email,phone,birthDate,gender,country,educationLevel,latitude,note',
    '1,not-an-email,,,,,,,first',
    '2,,12,,,,,,',
    '3,,,2026-02-31,,,,,',
    '4,,,,robot,,,,',
    '5,,,,,Atlantis,,,',
    '6,,,,,,99,,',
    '7,,,,,,,91,',
    '8,,,,,,,,,too,many',
    '9',
    ',,,,,,,,nobody',
    '10,a\0b@x.fi,,,,,,,',
    `${'x'.repeat(300)},,,,,,,,`,
    '11,"=cmd|\' /C calc\'!A0",,,,,,,@SUM(1)',
    "12,ok@x.fi,+1 202 555 0143,1990-01-01,f,US,3,60.1,'; drop table contact; --",
    '13,x"y,,,,,,,',
  ].join('\n');
  let id: string;

  test('carry row, column and reason, and the good row comes in', async () => {
    const done = await uploadAndMerge(app, file, { kind: 'contacts', mapping: { note: 'attributes.note' } });
    id = done.id;
    expect(done).toMatchObject({ rowsRead: 15, rowsRejected: 14, rowsMerged: 1, contactsCreated: 1 });
    const { rows } = await app.db.pool.query(
      `select row_number::int as row, column_name as column from import_reject where import_id = $1 order by 1`,
      [id],
    );
    expect(rows.map(({ row, column }: { row: number; column: string | null }) => [row, column])).toEqual([
      [2, 'email'],
      [3, 'phone'],
      [4, 'birthDate'],
      [5, 'gender'],
      [6, 'country'],
      [7, 'educationLevel'],
      [8, 'latitude'],
      [9, null],
      [10, null],
      [11, null],
      [12, 'email'],
      [13, 'externalId'],
      [14, 'email'],
      [16, null],
    ]);
  });

  test('come back as a CSV without formulas', async () => {
    const { status, text, headers } = await app.api('GET', `/v1/imports/${id}/rejects.csv`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/csv');
    const lines = text.split('\n');
    expect(lines[0]).toBe(
      'import_row,import_column,import_reason,externalId,email,phone,birthDate,gender,country,educationLevel,latitude,note',
    );
    expect(lines[1]).toBe('2,email,not an email address (no-at),1,not-an-email,,,,,,,first');
    expect(text).toContain("'=cmd|");
    expect(text).toContain("'@SUM(1)");
    expect(text).not.toMatch(/(^|,)"?[=+@-]/m);
  });

  test('can be mended and uploaded again as they are', async () => {
    const { text } = await app.api('GET', `/v1/imports/${id}/rejects.csv`);
    const mended = text.replace('not-an-email', 'mended@x.fi');
    const done = await uploadAndMerge(app, mended, { kind: 'contacts', mapping: { note: 'attributes.note' } });
    expect(done).toMatchObject({ contactsCreated: 1, mapping: { import_row: 'ignore', import_reason: 'ignore' } });
    const { rows } = await app.db.pool.query(`select count(*)::int as people from contact`);
    expect(rows).toEqual([{ people: 2 }]);
  });
});

describe('the form', () => {
  const send = (body: unknown, headers: Record<string, string> = {}) => app.api('POST', '/v1/imports', body, headers);

  test('must be multipart', async () => {
    expect((await send({ kind: 'contacts' })).status).toBe(415);
    expect((await send('kind=contacts', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await send(undefined)).status).toBe(415);
  });

  test('must have a file, named so, once, at the end', async () => {
    const form = new FormData();
    form.append('kind', 'contacts');
    expect((await send(form)).body.errors[0]).toMatchObject({ pointer: '/file' });
    const misnamed = new FormData();
    misnamed.append('kind', 'contacts');
    misnamed.append('upload', new Blob(['email\na@x.fi\n']), 'a.csv');
    expect((await send(misnamed)).body.errors[0]).toMatchObject({ pointer: '/upload' });
    const late = formOf('email\nlate@x.fi\n', { kind: 'contacts' });
    late.append('options', '{}');
    expect((await send(late)).body.errors[0]).toMatchObject({ pointer: '/options', message: expect.stringContaining('before') });
    const twice = formOf('email\ntwice@x.fi\n', { kind: 'contacts' });
    twice.append('file', new Blob(['email\ntwice@x.fi\n']), 'b.csv');
    expect((await send(twice)).status).toBeGreaterThanOrEqual(400);
    expect((await send(twice)).status).toBeLessThan(500);
    const unknown = new FormData();
    unknown.append('__proto__', 'x');
    expect((await send(unknown)).status).toBeLessThan(500);
    const { rows } = await app.db.pool.query(
      `select count(*)::int as late from identity where value in ('late@x.fi', 'twice@x.fi')`,
    );
    expect(rows).toEqual([{ late: 0 }]);
  });

  test.each(['multipart/form-data', 'multipart/form-data; boundary=x', 'multipart/form-data; boundary='])(
    'of type %s with garbage is a 4xx',
    async type => {
      for (const body of [
        '',
        'garbage',
        '--x\r\ngarbage',
        '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nemail\n',
      ]) {
        const { status } = await send(body, { 'content-type': type });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    },
  );

  test('that breaks off in the middle fails the import and leaves nothing', async () => {
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    const part = (name: string, value: string): string =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    socket.write(
      `POST /v1/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${app.key}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 90000000\r\n\r\n` +
        `${part('kind', 'contacts')}--b\r\ncontent-disposition: form-data; name="file"; filename="broken-off.csv"\r\n\r\nemail\n${'torn@x.fi\n'.repeat(20_000)}`,
    );
    const find = async (state: string) =>
      (await app.api('GET', '/v1/imports')).body.data.find(
        (item: { fileName: string; state: string }) => item.fileName === 'broken-off.csv' && item.state === state,
      );
    await eventually(() => find('uploading'));
    socket.destroy();
    expect((await eventually(() => find('failed'))).error).toMatch(/cannot be read|broke off/);
    // The rows go right after the word that it failed.
    await eventually(async () => {
      const { rows } = await app.db.pool.query(
        `select relname from pg_class where relnamespace = 'staging'::regnamespace and relkind = 'r'`,
      );
      return rows.length === 0;
    });
    expect((await app.api('GET', '/health/ready')).status).toBe(200);
  });

  test('that is refused early answers although megabytes are on their way', async () => {
    const { status, body } = await upload(app, `email,email\n${'x@x.fi,y\n'.repeat(1_500_000)}`, { kind: 'contacts' });
    expect({ status, pointer: body.errors?.[0]?.pointer }).toEqual({ status: 422, pointer: '/file' });
    for (let i = 0; i < 5; i++) expect((await upload(app, '', { kind: 'contacts' })).status).toBe(422);
  });
});

test('imports of others and ids that are none are not found', async () => {
  expect((await app.api('GET', '/v1/imports/999999')).status).toBe(404);
  expect((await app.api('GET', '/v1/imports/abc')).status).toBe(422);
  expect((await app.api('GET', '/v1/imports/999999/rejects.csv')).status).toBe(404);
  expect((await app.api('POST', '/v1/imports/999999/cancel')).status).toBe(404);
  expect((await app.api('GET', '/v1/imports?after=xyz')).status).toBe(422);
});
