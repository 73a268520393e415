/** Templates over HTTP: made, changed, archived; every version stays as it was; previews show what a recipient would see. */
import { TemplatesService } from '../../src/templates/templates.service.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let names = 0;
const unused = () => `Template ${++names}`;
const post = (path: string, body: unknown) => app.api('POST', `/v1/templates${path}`, body);
const makeSms = async (body: string): Promise<string> => (await post('', { name: unused(), channel: 'sms', body })).body.id;
const makeEmail = async (content: object): Promise<string> =>
  (await post('', { name: unused(), channel: 'email', subject: 'Hi', html: '<p>Hello {{firstName}}</p>', ...content })).body.id;

describe('templates', () => {
  test('an SMS template is made with the merge fields it uses', async () => {
    const name = unused();
    const { status, body } = await post('', { name, channel: 'sms', body: 'Hi {{firstName}}, {{attributes.plan}}' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name, channel: 'sms', version: 1, fields: ['firstName', 'attributes.plan'], archivedAt: null });
    expect(body.content).toEqual({ channel: 'sms', body: 'Hi {{firstName}}, {{attributes.plan}}' });
  });

  test('each change of content makes a version and leaves the old ones alone; a new name makes none', async () => {
    const id = await makeSms('one');
    await app.api('PATCH', `/v1/templates/${id}`, { body: 'two' });
    await app.api('PATCH', `/v1/templates/${id}`, { body: 'two' });
    const renamed = await app.api('PATCH', `/v1/templates/${id}`, { name: unused() });
    expect(renamed.body).toMatchObject({ version: 2, content: { body: 'two' } });
    const versions = await app.api('GET', `/v1/templates/${id}/versions`);
    expect(versions.body.data.map((row: { content: unknown }) => row.content)).toEqual([
      { channel: 'sms', body: 'two' },
      { channel: 'sms', body: 'one' },
    ]);
    const first = await app.api('GET', `/v1/templates/${id}/versions?limit=1`);
    const second = await app.api('GET', `/v1/templates/${id}/versions?limit=1&after=${first.body.next}`);
    expect([first.body.data[0].version, second.body.data[0].version, second.body.next]).toEqual([2, 1, null]);
  });

  test('changes that come at once each make a version of their own', async () => {
    const id = await makeSms('start');
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(body => app.api('PATCH', `/v1/templates/${id}`, { body })));
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200]);
    const { body } = await app.api('GET', `/v1/templates/${id}/versions`);
    expect(body.data.map((row: { version: number }) => row.version)).toEqual([5, 4, 3, 2, 1]);
  });

  test('the text of an email is made from its HTML until somebody writes one, and again when it is taken back', async () => {
    const id = await makeEmail({ preheader: 'Look', html: '<h1>Sale</h1><a href="https://shop.example">Shop</a>' });
    const patch = async (change: object) => (await app.api('PATCH', `/v1/templates/${id}`, change)).body;
    expect((await patch({ html: '<p>New</p>' })).content).toMatchObject({
      preheader: 'Look',
      text: 'New',
      isTextGenerated: true,
    });
    expect((await patch({ text: 'Mine' })).content).toMatchObject({ html: '<p>New</p>', text: 'Mine', isTextGenerated: false });
    expect((await patch({ html: '<p>Newer</p>' })).content).toMatchObject({ text: 'Mine', isTextGenerated: false });
    expect(await patch({ text: null, preheader: null })).toMatchObject({
      version: 5,
      content: { preheader: null, text: 'Newer', isTextGenerated: true },
    });
  });

  test('a name is taken until its template is archived', async () => {
    const name = unused();
    const first = await post('', { name, channel: 'sms', body: 'x' });
    expect(await post('', { name, channel: 'sms', body: 'x' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await app.api('DELETE', `/v1/templates/${first.body.id}`)).status).toBe(204);
    expect((await app.api('DELETE', `/v1/templates/${first.body.id}`)).status).toBe(204);
    expect((await post('', { name, channel: 'sms', body: 'x' })).status).toBe(201);
    expect((await app.api('PATCH', `/v1/templates/${first.body.id}`, { body: 'y' })).status).toBe(409);
    const archived = await app.api('GET', '/v1/templates?archived=true&channel=sms');
    expect(archived.body.data).toMatchObject([{ id: first.body.id, name }]);
  });

  test('another workspace sees nothing of it', async () => {
    const id = await makeSms('mine');
    await expect(app.get(TemplatesService).get('999' as typeof app.workspaceId, id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a compiled version is made once and kept', async () => {
    const templates = app.get(TemplatesService);
    const id = await makeSms('Hi {{firstName}}');
    const compiled = await templates.getCompiled(app.workspaceId, id, 1);
    await app.api('PATCH', `/v1/templates/${id}`, { body: 'Bye {{lastName}}' });
    expect(await templates.getCompiled(app.workspaceId, id, 1)).toBe(compiled);
    expect(compiled).toMatchObject({ channel: 'sms', fields: ['firstName'] });
    expect(compiled.render({ firstName: 'Ann' })).toEqual({ channel: 'sms', text: 'Hi Ann' });
    expect((await templates.getCompiled(app.workspaceId, id, 2)).render({ lastName: 'Lee' })).toEqual({
      channel: 'sms',
      text: 'Bye Lee',
    });
    await expect(templates.getCompiled(app.workspaceId, id, 3)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('writing leaves an audit row with its actor', async () => {
    const id = await makeSms('x');
    await app.api('PATCH', `/v1/templates/${id}`, { body: 'y' });
    await app.api('DELETE', `/v1/templates/${id}`);
    const { body } = await app.api('GET', '/v1/audit?limit=3');
    expect(body.data.map((entry: { action: string; target: string }) => [entry.action, entry.target])).toEqual([
      ['template.archived', `template:${id}`],
      ['template.updated', `template:${id}`],
      ['template.created', `template:${id}`],
    ]);
  });
});

describe('previews', () => {
  test('of an SMS count parts exactly and name what forces UCS-2 and what is missing', async () => {
    const id = await makeSms('Hei {{firstName}} {{attributes.plan}}{{city}}');
    const { status, body } = await post(`/${id}/preview`, { values: { firstName: 'Aino', attributes: { plan: 'ш' } } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      text: 'Hei Aino ш',
      encoding: 'ucs2',
      parts: 1,
      units: 10,
      left: 60,
      offenders: [{ char: 'ш', index: 9 }],
      missing: ['city'],
    });
  });

  test('for a contact are filled from what is known of it; values given win', async () => {
    const contact = await app.api('POST', '/v1/contacts', {
      firstName: 'Aino',
      city: 'Oulu',
      birthDate: '1990-05-17',
      email: 'aino@example.com',
      phone: '+358401234567',
      attributes: { plan: 'gold' },
    });
    const id = await makeSms('{{firstName}} {{city}} {{birthDate}} {{email}} {{phone}} {{attributes.plan}} {{workspaceName}}');
    const { body } = await post(`/${id}/preview`, { contactId: contact.body.id, values: { city: 'Turku' } });
    expect(body).toMatchObject({ text: 'Aino Turku 1990-05-17 aino@example.com +358401234567 gold Test', missing: [] });
    expect(await post(`/${id}/preview`, { contactId: '999999' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/contactId' }] },
    });
  });

  test('of an email show subject, HTML, text and sizes; of unsaved content too', async () => {
    const { status, body } = await post('/preview', {
      channel: 'email',
      subject: 'Hi {{firstName}}',
      preheader: 'Psst',
      html: '<body><p>Ä {{firstName}}</p></body>',
      values: { firstName: '<b>\r\nBcc: x' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      subject: 'Hi <b> Bcc: x',
      text: 'Ä <b>\r\nBcc: x',
      textBytes: Buffer.byteLength('Ä <b>\r\nBcc: x'),
      missing: [],
    });
    expect(body.html).toContain('<p>Ä &lt;b&gt;');
    expect(body.htmlBytes).toBe(Buffer.byteLength(body.html));
  });

  test('of an old version show that version', async () => {
    const id = await makeSms('old');
    await app.api('PATCH', `/v1/templates/${id}`, { body: 'new' });
    expect((await post(`/${id}/preview`, { version: 1 })).body.text).toBe('old');
    expect((await post(`/${id}/preview`, {})).body.text).toBe('new');
    expect((await post(`/${id}/preview`, { version: 3 })).status).toBe(404);
  });
});

describe('hostile templates', () => {
  const sms = (body: unknown) => ({ name: 'Hostile', channel: 'sms', body });
  const email = (change: object) => ({ name: 'Hostile', channel: 'email', subject: 's', html: '<p>x</p>', ...change });

  test.each<[string, unknown, string]>([
    ['an unclosed expression', sms('a\n{{firstName'), '/body'],
    ['a prototype name', sms('{{constructor.constructor}}'), '/body'],
    ['a syntax tree', sms({ type: 'Program', body: [] }), '/body'],
    ['an unknown field', sms('{{password}}'), '/body'],
    ['an unknown helper', sms('{{lookup firstName "constructor"}}'), '/body'],
    ['a partial', sms('{{> evil}}'), '/body'],
    ['a NUL', sms('a\u0000b'), '/body'],
    ['half a surrogate pair', sms('\ud800'), '/body'],
    ['a list', sms(['x']), '/body'],
    ['nothing but blanks', sms(' \n'), '/body'],
    ['an overlong text', sms('x'.repeat(10_001)), '/body'],
    ['raw HTML output', email({ html: '<p>{{{firstName}}}</p>' }), '/html'],
    ['a script', email({ html: '<script>x</script>' }), '/html'],
    ['a subject of two lines', email({ subject: 'a\r\nBcc: x' }), '/subject'],
    ['an unknown property', { ...sms('x'), isAdmin: true }, '/isAdmin'],
    ['the other channel’s content', { ...sms('x'), html: 'x' }, '/html'],
    ['an unknown channel', { name: 'x', channel: 'fax', body: 'x' }, '/channel'],
  ])('%s is a 4xx that names the field', async (_name, body, pointer) => {
    const answer = await post('', body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    if (pointer) expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  test('mistakes carry line and column', async () => {
    const { status, body } = await post('', sms('one\n  {{#if firstName}}x'));
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({ pointer: '/body', line: expect.any(Number), column: expect.any(Number) });
    const unknown = await post('', sms('one\n  {{fristName}}'));
    expect(unknown.body.errors).toEqual([
      { pointer: '/body', line: 2, column: 3, message: expect.stringContaining('did you mean {{firstName}}') },
    ]);
  });

  test.each(['0', 'x', '1 or 1=1', '99999999999999999999', "1';--"])('the id %s is refused', async id => {
    for (const answer of [
      await app.api('GET', `/v1/templates/${encodeURIComponent(id)}`),
      await post(`/${encodeURIComponent(id)}/preview`, {}),
    ]) {
      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(':id');
    }
  });

  test('values of a preview are data: SQL, templates and prototype names in them come out as they went in', async () => {
    const value = `'; drop table contact; -- {{constructor}} <script>`;
    const { body } = await post('/preview', { channel: 'sms', body: '{{firstName}}', values: { firstName: value } });
    expect(body.text).toBe(value);
    const odd = await post(
      '/preview',
      JSON.parse('{"channel":"sms","body":"{{firstName}}","values":{"constructor":"x","toString":"y"}}'),
    );
    expect(odd).toMatchObject({ status: 200, body: { text: '' } });
    expect((await post('/preview', { channel: 'sms', body: 'x', values: { a: { b: 1 } } })).status).toBe(422);
  });

  test('a change may not carry the other channel’s fields', async () => {
    const id = await makeSms('x');
    const answer = await app.api('PATCH', `/v1/templates/${id}`, { subject: 'x' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/subject' }] } });
  });
});
