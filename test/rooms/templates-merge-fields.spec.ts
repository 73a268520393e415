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

type Field = { name: string };
const byName = (fields: Field[]) => Object.fromEntries(fields.map(({ name, ...rest }) => [name, rest]));

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

describe('the merge fields of a template', () => {
  const body =
    '{{firstName}} {{default attributes.plan "free"}} {{attributes.shoe}} {{#if phone}}{{phone}}{{/if}} {{workspaceName}}';
  let path: string;
  beforeAll(async () => {
    const people = [
      { externalId: 'a', firstName: 'Aino', country: 'FI', phone: '+12125550101', attributes: { plan: 'gold' } },
      { externalId: 'b', firstName: 'Bo', country: 'SE', attributes: { plan: '' } },
      { externalId: 'c', country: 'FI' },
      { externalId: 'gone', country: 'FI' },
    ];
    for (const person of people) {
      const { id } = (await app.api('POST', '/v1/contacts', person)).body;
      if (person.externalId === 'gone') await app.api('DELETE', `/v1/contacts/${id}`);
    }
    const { id } = (await app.api('POST', '/v1/templates', { name: 'Fields', channel: 'sms', body })).body;
    path = `/v1/templates/${id}/merge-fields`;
    await app.api('PUT', `/v1/templates/${id}/locales/fi`, { channel: 'sms', body: 'Hei {{attributes.plan}}' });
  });

  test('say what each is and how many contacts miss it', async () => {
    const { status, body } = await app.api('GET', `${path}?locale=und`);
    expect([status, body.contacts]).toEqual([200, 3]);
    expect(byName(body.fields)).toEqual({
      firstName: { label: 'First name', source: 'contact', type: 'text', state: 'in-use', hasFallback: false, missing: 1 },
      'attributes.plan': { label: 'Plan', source: 'attribute', type: 'text', state: 'in-use', hasFallback: true, missing: 2 },
      'attributes.shoe': { label: 'shoe', source: 'attribute', type: null, state: 'unknown', hasFallback: false, missing: 3 },
      phone: { label: 'Phone', source: 'contact', type: 'text', state: 'in-use', hasFallback: true, missing: 2 },
      workspaceName: {
        label: 'Workspace name',
        source: 'send',
        type: 'text',
        state: 'in-use',
        hasFallback: false,
        missing: null,
      },
    });
  });

  test('are those of one language, or of all together', async () => {
    const finnish = await app.api('GET', `${path}?locale=fi`);
    expect(finnish.body.fields).toMatchObject([{ name: 'attributes.plan', hasFallback: false }]);
    expect(byName((await app.api('GET', path)).body.fields)).toMatchObject({ 'attributes.plan': { hasFallback: false } });
    expect(await app.api('GET', `${path}?locale=sv`)).toMatchObject({ status: 404 });
  });

  test('are counted among the people of a rule or a segment', async () => {
    const rule = { version: 1, rule: { kind: 'attribute', field: 'country', operator: 'is', value: 'FI' } };
    const counted = await app.api('POST', path, { rule });
    expect(counted.body).toMatchObject({ contacts: 2 });
    expect(byName(counted.body.fields)).toMatchObject({ firstName: { missing: 1 }, 'attributes.plan': { missing: 1 } });
    const segmentId = (await app.api('POST', '/v1/segments', { name: 'Finns', rule })).body.id;
    expect((await app.api('POST', path, { segmentId })).body).toEqual(counted.body);
    expect(await app.api('POST', path, {})).toMatchObject({ status: 422, body: { errors: [{ pointer: '/rule' }] } });
  });

  test('are not counted for a key that may not read contacts', async () => {
    const { key } = (await app.api('POST', '/v1/api-keys', { name: 'writer', scopes: ['templates:read'] })).body;
    const { body } = await app.api('GET', path, undefined, { authorization: `Bearer ${key}` });
    expect(body).toMatchObject({ contacts: null });
    expect(new Set(body.fields.map(({ missing }: { missing: unknown }) => missing))).toEqual(new Set([null]));
    expect(await app.api('POST', path, { segmentId: '1' }, { authorization: `Bearer ${key}` })).toMatchObject({ status: 403 });
  });
});
