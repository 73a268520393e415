/** Merge fields against the registry of attributes: what lint warns of, what is refused, and how many people miss each. */
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await register({ key: 'plan', label: 'Plan', type: 'text' });
  await register({ key: 'oldPlan', type: 'text' }).then(({ id }) => app.api('POST', `/v1/attributes/${id}/archive`));
  await register({ key: 'diagnosis', type: 'text', sensitivity: 'sensitive' });
});
afterAll(() => app.stop());

const register = async (body: object) => (await app.api('POST', '/v1/attributes', body)).body;
const lint = async (body: string) =>
  (await app.api('POST', '/v1/templates/lint', { channel: 'sms', body })).body.findings.filter(
    ({ code }: { code: string }) => code !== 'no-fallback',
  );

describe('lint', () => {
  test('warns of an attribute that nobody has, with its place and the nearest key', async () => {
    expect(await lint('Hi, {{attributes.plam}}')).toEqual([
      {
        severity: 'warning',
        code: 'unknown-attribute',
        pointer: '/body',
        line: 1,
        column: 5,
        message: 'There is no attribute plam: did you mean {{attributes.plan}}?',
      },
    ]);
    expect(await lint('Hi {{attributes.shoeSize}}')).toMatchObject([
      { message: 'There is no attribute shoeSize: nobody has it yet' },
    ]);
    expect(await lint('Hi {{attributes.plan}}')).toEqual([]);
  });

  test('warns of an archived attribute', async () => {
    expect(await lint('{{attributes.oldPlan}}')).toMatchObject([{ severity: 'warning', code: 'archived-attribute' }]);
  });

  test('says which attribute a bare name may mean', async () => {
    expect(await lint('{{plan}}')).toMatchObject([
      { severity: 'error', message: expect.stringContaining('did you mean {{attributes.plan}}?') },
    ]);
  });
});

describe('saving', () => {
  const save = (name: string, body: string) => app.api('POST', '/v1/templates', { name, channel: 'sms', body });

  test('takes an attribute that is not there yet', async () => {
    expect(await save('early', '{{attributes.notYet}}')).toMatchObject({ status: 201 });
  });

  test.each(['attributes.diagnosis', 'religion', 'politicalAffiliation'])('refuses the sensitive %s', async field => {
    const errors = [
      { pointer: '/body', message: `{{${field}}} is sensitive: it is never written into a message (line 1, column 4)` },
    ];
    expect(await save(field, `Hi {{${field}}}`)).toMatchObject({ status: 422, body: { errors } });
    const unsaved = { channel: 'sms', body: `Hi {{${field}}}` };
    expect(await app.api('POST', '/v1/templates/preview', unsaved)).toMatchObject({ status: 422, body: { errors } });
    const partial = { name: 'secret', text: `Hi {{${field}}}` };
    expect(await app.api('POST', '/v1/partials', partial)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/text' }] },
    });
  });
});
