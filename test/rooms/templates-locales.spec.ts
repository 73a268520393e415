/** Templates in MJML, in many languages and made of partials, over HTTP. */
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let names = 0;
const unused = () => `Template ${++names}`;
const post = (path: string, body: unknown) => app.api('POST', `/v1${path}`, body);
const put = (id: string, locale: string, body: unknown) => app.api('PUT', `/v1/templates/${id}/locales/${locale}`, body);
const make = async (content: object): Promise<string> => (await post('/templates', { name: unused(), ...content })).body.id;
const makeSms = (body: string): Promise<string> => make({ channel: 'sms', body });
const sms = (body: string) => ({ channel: 'sms', body });
const preview = async (id: string, body: object = {}) => (await post(`/templates/${id}/preview`, body)).body;
const get = async (id: string) => (await app.api('GET', `/v1/templates/${id}`)).body;

const mjml = (inside: string) => `<mjml><mj-body><mj-section><mj-column>\n${inside}\n</mj-column></mj-section></mj-body></mjml>`;
const email = { channel: 'email', subject: 'Hi' };

describe('MJML', () => {
  test('is made HTML once, when it is saved, and shown as it was written', async () => {
    const source = mjml(
      '<mj-text>Hi {{default firstName "you"}}</mj-text><mj-button href="{{unsubscribeUrl}}">Leave</mj-button>',
    );
    const id = await make({ ...email, mjml: source });
    expect((await get(id)).content).toMatchObject({ mjml: source, html: null, isTextGenerated: true });
    const shown = await preview(id, { values: { firstName: '<b>' } });
    expect(shown.html).toContain('Hi &lt;b&gt;');
    expect(shown.html).toContain('/u/preview"');
    expect(shown.text).toContain('Hi <b>');
  });

  test('gives way to HTML and takes its place again', async () => {
    const id = await make({ ...email, html: '<p>One</p>' });
    const patch = async (change: object) => (await app.api('PATCH', `/v1/templates/${id}`, change)).body.content;
    expect(await patch({ mjml: mjml('<mj-text>Two</mj-text>') })).toMatchObject({ html: null, text: 'Two' });
    expect(await patch({ html: '<p>Three</p>' })).toMatchObject({ html: '<p>Three</p>', mjml: null, text: 'Three' });
  });

  test.each([
    ['<mj-txt>x</mj-txt>', 2, 'mj-txt'],
    ['<mj-text>{{nope}}</mj-text>', 2, 'no merge field'],
    ['<mj-raw><script>x</script></mj-raw>', 2, 'not allowed'],
    ['{{#if city}}<mj-text>x</mj-text>{{/if}}', 2, 'mj-raw'],
  ])('%s is refused by name, line and column', async (inside, line, message) => {
    const { status, body } = await post('/templates', { name: unused(), ...email, mjml: mjml(inside) });
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({ pointer: '/mjml', line, column: expect.any(Number) as number });
    expect(body.errors[0].message).toContain(message);
  });

  test('beside HTML, or neither of them, is refused', async () => {
    const both = await post('/templates', { name: unused(), ...email, html: '<p>x</p>', mjml: mjml('') });
    const none = await post('/templates', { name: unused(), ...email });
    expect([both.status, none.status]).toEqual([422, 422]);
    expect(none.body.errors[0].pointer).toBe('/html');
  });
});

describe('a template in many languages', () => {
  test('shows everybody theirs, and the default to all others', async () => {
    const id = await makeSms('Hello {{firstName}}');
    await put(id, 'pt', sms('Olá {{firstName}}'));
    await put(id, 'pt-br', sms('Oi {{firstName}}'));
    await put(id, 'az-Latn', sms('Salam {{firstName}}'));
    const shown = async (locale: string) => {
      const { text, locale: chosen } = await preview(id, { locale, values: { firstName: 'Ana' } });
      return [text, chosen];
    };
    expect(await shown('pt-BR')).toEqual(['Oi Ana', 'pt-BR']);
    expect(await shown('pt-AO')).toEqual(['Olá Ana', 'pt']);
    expect(await shown('az')).toEqual(['Salam Ana', 'az-Latn']);
    expect(await shown('fi')).toEqual(['Hello Ana', null]);
    const contact = await post('/contacts', { firstName: 'Rui', locale: 'pt-PT', email: 'rui@example.com' });
    expect(await preview(id, { contactId: contact.body.id })).toMatchObject({ text: 'Olá Rui', locale: 'pt', missing: [] });
  });

  test('is a new version with each language written, the others staying as they are', async () => {
    const id = await makeSms('Hello');
    await put(id, 'fi', sms('Hei'));
    await put(id, 'tr', sms('Merhaba'));
    await put(id, 'tr', sms('Merhaba'));
    expect(await get(id)).toMatchObject({ version: 3, locales: [{ locale: 'fi', isComplete: true }, { locale: 'tr' }] });
    expect(await preview(id, { version: 2, locale: 'tr' })).toMatchObject({ text: 'Hello', locale: null });
    expect((await app.api('DELETE', `/v1/templates/${id}/locales/fi`)).status).toBe(204);
    expect(await get(id)).toMatchObject({ version: 4, locales: [{ locale: 'tr' }] });
    expect((await app.api('GET', `/v1/templates/${id}/locales/fi`)).status).toBe(404);
    expect((await app.api('GET', `/v1/templates/${id}/locales/tr`)).body).toMatchObject({
      locale: 'tr',
      content: sms('Merhaba'),
    });
    expect(await preview(id, { version: 3, locale: 'fi' })).toMatchObject({ text: 'Hei' });
  });

  test('says which languages lack a part, and which are older than the default', async () => {
    const id = await make({ ...email, preheader: 'Look', html: '<p>Hello</p>' });
    await put(id, 'fi', { ...email, subject: 'Hei', html: '<p>Hei</p>' });
    await put(id, 'tr', { ...email, subject: 'Merhaba', preheader: 'Bak', html: '<p>Merhaba</p>' });
    expect((await get(id)).locales).toMatchObject([
      { locale: 'fi', isComplete: false, missing: ['preheader'], isBehind: false },
      { locale: 'tr', isComplete: true, missing: [], isBehind: false },
    ]);
    await app.api('PATCH', `/v1/templates/${id}`, { html: '<p>Hello again</p>' });
    await put(id, 'tr', { ...email, subject: 'Merhaba', preheader: 'Bak', html: '<p>Merhaba</p>' });
    const { body } = await app.api('GET', '/v1/templates?limit=1');
    expect(body.data[0].locales).toMatchObject([
      { locale: 'fi', isBehind: true },
      { locale: 'tr', isBehind: false },
    ]);
  });

  test('takes no other channel, no nonsense and no default', async () => {
    const id = await makeSms('Hello');
    expect((await put(id, 'fi', { ...email, html: '<p>x</p>' })).body.errors[0].pointer).toBe('/channel');
    expect((await put(id, 'no such tongue', sms('x'))).status).toBe(422);
    expect((await put(id, 'und', sms('x'))).status).toBe(422);
    expect((await put(id, 'fi', sms('{{nope}}'))).body.errors[0]).toMatchObject({ pointer: '/body', line: 1, column: 1 });
    expect((await put('999999', 'fi', sms('x'))).status).toBe(404);
  });
});

describe('a partial', () => {
  const partial = async (name: string, bodies: object): Promise<string> => (await post('/partials', { name, ...bodies })).body.id;

  test('is copied into SMS, HTML and MJML when they are saved, and an old version never changes', async () => {
    const footer = await partial('footer', { text: 'Bye {{firstName}}', html: '<b>Bye {{firstName}}</b>' });
    const text = await makeSms('Hi\n{{> footer}}');
    const html = await make({ ...email, html: '<p>Hi</p>{{> footer}}' });
    const rich = await make({ ...email, mjml: mjml('<mj-text>{{> footer}}</mj-text>') });
    const ann = { values: { firstName: 'Ann' } };
    expect((await preview(text, ann)).text).toBe('Hi\nBye Ann');
    expect((await preview(html, ann)).html).toBe('<p>Hi</p><b>Bye Ann</b>');
    expect((await preview(rich, ann)).html).toContain('<b>Bye Ann</b>');
    expect(await get(text)).toMatchObject({ fields: ['firstName'], partials: ['footer'], content: sms('Hi\n{{> footer}}') });

    await app.api('PATCH', `/v1/partials/${footer}`, { text: 'See you' });
    expect((await preview(text, ann)).text).toBe('Hi\nBye Ann');
    const uses = await app.api('GET', `/v1/partials/${footer}/uses`);
    expect(uses.body.data).toMatchObject([{ templateId: rich }, { templateId: html }, { templateId: text, isBehind: true }]);
    await app.api('PATCH', `/v1/templates/${text}`, { body: 'Hi!\n{{> footer}}' });
    expect((await preview(text, ann)).text).toBe('Hi!\nSee you');
    expect((await preview(text, { ...ann, version: 1 })).text).toBe('Hi\nBye Ann');

    const refused = await app.api('DELETE', `/v1/partials/${footer}`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('used by the template') as string]);
  });

  test('goes round in no circle, has no mistakes, and is named once', async () => {
    const inner = await partial('inner', { text: 'in' });
    await partial('outer', { text: '{{> inner}}' });
    const circle = await app.api('PATCH', `/v1/partials/${inner}`, { text: '{{> outer}}' });
    expect(circle.status).toBe(422);
    expect(circle.body.errors[0]).toMatchObject({
      pointer: '/text',
      line: 1,
      column: 1,
      message: expect.stringContaining('circle') as string,
    });
    expect((await post('/partials', { name: 'inner', text: 'x' })).status).toBe(409);
    expect((await post('/partials', { name: 'mistake', html: '<script>x</script>' })).body.errors[0].pointer).toBe('/html');
    expect((await post('/partials', { name: 'nothing' })).status).toBe(422);
    expect((await app.api('DELETE', `/v1/partials/${inner}`)).body.detail).toContain('the partial outer');
    expect((await app.api('PATCH', `/v1/partials/${inner}`, { text: null })).status).toBe(422);
  });

  test('that nothing uses can be deleted, and is refused in templates from then on', async () => {
    const id = await partial('gone', { text: 'x' });
    expect((await app.api('GET', `/v1/partials/${id}`)).body).toMatchObject({ name: 'gone', text: 'x', html: null });
    expect((await app.api('DELETE', `/v1/partials/${id}`)).status).toBe(204);
    const { body } = await post('/templates', { name: unused(), ...sms('a {{> gone}}') });
    expect(body.errors[0]).toMatchObject({ pointer: '/body', line: 1, column: 3 });
  });
});
