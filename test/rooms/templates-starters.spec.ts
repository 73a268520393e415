/** Starter messages over HTTP: what there is, and templates made from it in every language. */
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const use = (recipe: string, body: object) => app.api('POST', `/v1/starters/${recipe}/templates`, body);

describe('starters', () => {
  test('are listed with their languages and blanks', async () => {
    const { status, body } = await app.api('GET', '/v1/starters');
    expect(status).toBe(200);
    const welcome = body.data.find(({ recipe }: { recipe: string }) => recipe === 'welcome');
    expect(welcome.words.map(({ locale }: { locale: string }) => locale)).toEqual(['az', 'en', 'fa', 'fi', 'ru', 'tr']);
    expect(welcome.blanks).toHaveProperty('shopUrl');
  });

  test('become an SMS and an email in all languages, with the blanks filled', async () => {
    const { status, body } = await use('welcome', { blanks: { shopUrl: 'https://kauppa.example/?a=1&b=2', code: 'HEI' } });
    expect(status).toBe(201);
    const [sms, email] = body.templates;
    expect(sms).toMatchObject({ name: 'Welcome (SMS)', channel: 'sms', version: 1 });
    expect(sms.content.body).toContain('https://kauppa.example/?a=1&b=2');
    expect(email.content.mjml).toContain('https://kauppa.example/?a=1&amp;b=2');
    expect(email.locales.map(({ locale }: { locale: string }) => locale)).toEqual(['az', 'fa', 'fi', 'ru', 'tr']);
    const shown = await app.api('POST', `/v1/templates/${email.id}/preview`, { locale: 'fa-IR', values: { firstName: 'سارا' } });
    expect(shown.body).toMatchObject({ locale: 'fa', subject: expect.stringContaining('خوش') as string });
    expect(shown.body.html).toContain('dir="rtl"');
  });

  test('are written in the language asked for, by the name asked for, all or none', async () => {
    const wanted = { name: 'Tervetulo', locale: 'fi', channels: ['sms'] };
    const { body } = await use('welcome', wanted);
    expect(body.templates).toHaveLength(1);
    expect(body.templates[0]).toMatchObject({
      name: 'Tervetulo (SMS)',
      content: { body: expect.stringContaining('ervetuloa') as string },
    });
    expect((await use('welcome', { ...wanted, channels: ['email', 'sms'] })).status).toBe(409);
    const { body: all } = await app.api('GET', '/v1/templates');
    expect(all.data.map(({ name }: { name: string }) => name)).not.toContain('Tervetulo (email)');
  });

  test.each([
    ['welcome', { locale: 'sv' }, '/locale'],
    ['welcome', { blanks: { nope: 'x' } }, '/blanks/nope'],
    ['welcome', { blanks: { shopUrl: 'javascript:alert(1)' } }, '/mjml'],
    ['welcome', { channels: [] }, '/channels'],
  ])('%s with %j is refused at %s', async (recipe, body, pointer) => {
    const answer = await use(recipe, { name: 'Refused', ...body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('that do not exist are not found', async () => {
    expect((await use('nope', {})).status).toBe(404);
  });
});
