import { parseTemplate, type TemplateKind } from './parse.js';

const fieldsOf = (source: string, kind: TemplateKind = 'text'): string[] => {
  const parsed = parseTemplate(source, kind);
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.fields;
};

describe('merge fields', () => {
  test.each<[string, string[]]>([
    ['no fields at all', []],
    ['Hi {{firstName}} {{ lastName }} {{firstName}}', ['firstName', 'lastName']],
    ['{{attributes.plan}} {{attributes/plan}} {{this.city}} {{./city}}', ['attributes.plan', 'city']],
    ['{{default firstName "friend"}}', ['firstName']],
    ['{{money total currency locale}}', ['total', 'currency', 'locale']],
    ['{{#if (gt orders 5)}}{{vip}}{{else if (eq city "Baku")}}b{{else}}{{c}}{{/if}}', ['orders', 'vip', 'city', 'c']],
    ['{{upper (default firstName lastName)}}', ['firstName', 'lastName']],
    ['{{#unless email}}x{{/unless}}', ['email']],
    ['{{#each items}}{{name}}{{this}}{{@index}}{{@first}}{{else}}{{none}}{{/each}}', ['items', 'none']],
    [
      '{{#each items}}{{../firstName}}{{#if @last}}{{../../x}}{{/if}}{{/each}}'.replace('{{../../x}}', ''),
      ['items', 'firstName'],
    ],
    ['{{#each items as |item i|}}{{item.name}}{{i}}{{city}}{{/each}}', ['items']],
    ['{{#each orders}}{{#each lines}}{{../number}}{{../../firstName}}{{@../index}}{{/each}}{{/each}}', ['orders', 'firstName']],
    ['{{#with address}}{{city}}{{../firstName}}{{/with}}', ['address.city', 'firstName']],
    ['{{#with address as |home|}}{{home.city}}{{home.zip}}{{/with}}', ['address.city', 'address.zip']],
    ['{{#with address}}{{this}}{{/with}}', ['address']],
    ['{{#with a}}{{#with b}}{{c}}{{/with}}{{/with}}', ['a.b.c']],
    ['{{#with address}}{{#each phones}}{{this.number}}{{/each}}{{/with}}', ['address.phones']],
    ['{{! firstName }}{{!-- {{lastName}} --}}\\{{escaped}}', []],
    ['{{this.number}} {{this.date}}', ['number', 'date']],
    ['{{attributes.[odd name]}}', ['attributes.odd name']],
    ['{{toString}} {{hasOwnProperty}}', ['toString', 'hasOwnProperty']],
  ])('%s', (source, fields) => {
    expect(fieldsOf(source)).toEqual(fields);
  });
});

describe('what is refused', () => {
  test.each<[string, TemplateKind, string]>([
    ['{{{name}}}', 'html', 'always escaped'],
    ['{{&name}}', 'html', 'always escaped'],
    ['{{> header}}', 'text', 'Partials'],
    ['{{#> layout}}x{{/layout}}', 'text', 'Partials'],
    ['{{* decorate}}', 'text', 'Partials and decorators'],
    ['{{#*inline "x"}}{{/inline}}', 'text', 'Partials and decorators'],
    ['{{{{raw}}}}x{{{{/raw}}}}', 'text', '{{#raw}} is not available'],
    ['{{#list}}x{{/list}}', 'text', '{{#list}} is not available'],
    ['{{^name}}x{{/name}}', 'text', '{{#name}} is not available'],
    ['{{#upper x}}y{{/upper}}', 'text', '{{#upper}} is not available'],
    ['{{#if a}}x{{else foo}}y{{/if}}', 'text', '{{#foo}} is not available'],
    ['{{if a}}', 'text', 'Write {{#if'],
    ['{{if}}', 'text', 'is a helper, not a merge field'],
    ['{{shout name}}', 'text', 'There is no helper shout'],
    ['{{lookup this "constructor"}}', 'text', 'There is no helper lookup'],
    ['{{log name}}', 'text', 'There is no helper log'],
    ['{{helperMissing name}}', 'text', 'There is no helper helperMissing'],
    ['{{[#show] name}}', 'text', 'There is no helper #show'],
    ['{{name.upper x}}', 'text', 'There is no helper name.upper'],
    ['{{upper}}', 'text', 'upper takes 1 to 2 values, here are 0'],
    ['{{default name}}', 'text', 'default takes 2 values, here are 1'],
    ['{{eq a b c}}', 'text', 'eq takes 2 values'],
    ['{{#if a b}}x{{/if}}', 'text', '{{#if}} takes one value'],
    ['{{#each}}x{{/each}}', 'text', '{{#each}} takes one value'],
    ['{{upper name upper}}', 'text', 'upper is a helper'],
    ['{{upper name fallback="x"}}', 'text', 'name=value is not available'],
    ['{{#if a includeZero=true}}x{{/if}}', 'text', 'name=value is not available'],
    ['{{upper (eq a b x=1)}}', 'text', 'name=value is not available'],
    ['{{date birthDate "dd.MM"}}', 'text', 'date knows no format "dd.MM"'],
    ['{{"name"}}', 'text', 'Name a merge field'],
    ['{{12}}', 'text', 'Name a merge field'],
    ['{{true}}', 'text', 'Name a merge field'],
    ['{{constructor}}', 'text', 'constructor is not a merge field'],
    ['{{name.__proto__.x}}', 'text', '__proto__ is not a merge field'],
    ['{{name.[constructor]}}', 'text', 'constructor is not a merge field'],
    ['{{upper a.prototype}}', 'text', 'prototype is not a merge field'],
    ['{{#with constructor}}x{{/with}}', 'text', 'constructor is not a merge field'],
    ['{{#each a as |constructor|}}x{{/each}}', 'text', '|constructor| cannot be used'],
    ['{{#each a as |upper|}}x{{/each}}', 'text', '|upper| cannot be used'],
    ['{{@root.name}}', 'text', '{{@root.name}} is not available'],
    ['{{#each a}}{{@root}}{{/each}}', 'text', '{{@root}} is not available'],
    ['{{@index}}', 'text', 'inside {{#each}}'],
    ['{{../name}}', 'text', 'leads out of the template'],
    ['{{#if a}}{{../name}}{{/if}}', 'text', 'leads out of the template'],
    ['{{this}}', 'text', 'name a field'],
    ['{{.}}', 'text', 'name a field'],
    ['{{#each a}}{{#each b}}{{#each c}}x{{/each}}{{/each}}{{/each}}', 'text', 'goes at most 2 deep'],
    ['{{#if a}}'.repeat(21) + '{{/if}}'.repeat(21), 'text', 'nested too deeply'],
    [`{{${'a.'.repeat(9)}a}}`, 'text', 'at most 8 names'],
    [`{{upper ${'(upper '.repeat(30)}a${')'.repeat(30)}}}`, 'text', 'nested too deeply'],
  ])('%s (%s): %s', (source, kind, message) => {
    const parsed = parseTemplate(source, kind);
    expect('errors' in parsed ? parsed.errors[0]?.message : 'accepted').toContain(message);
  });

  // Each of these would hold the parser for seconds to minutes.
  test.each<[string, string, string]>([
    ['thousands of blocks', '{{#if a}}'.repeat(2400) + '{{/if}}'.repeat(2400), 'at most 500 blocks'],
    ['thousands of elses', `{{#if a}}${'{{else if a}}'.repeat(4000)}{{/if}}`, 'at most 500 blocks'],
    ['thousands of brackets', `{{u ${'(u '.repeat(30_000)}a${')'.repeat(30_000)}}}`, 'nested too deeply'],
    ['brackets behind a quote', `{{u "}}" ${'(u '.repeat(30_000)}a${')'.repeat(30_000)}}}`, 'nested too deeply'],
    ['thousands of comments', '{{!-- x --}}'.repeat(16_000), 'at most 5 000 expressions'],
    ['a flood of braces', '{'.repeat(200_000), 'at most 5 000 expressions'],
    ['a long text', 'x'.repeat(200_001), 'at most 200 000 characters'],
    ['a long path', `{{${'a.'.repeat(90_000)}a}}`, 'at most 8 names'],
    ['many values', `{{upper ${'a '.repeat(90_000)}}}`, 'takes 1 to 2 values'],
  ])('%s are refused fast', (_name, source, message) => {
    const started = performance.now();
    const parsed = parseTemplate(source, 'text');
    expect('errors' in parsed ? parsed.errors[0]?.message : 'accepted').toContain(message);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('a template of the greatest size allowed is read', () => {
    expect(fieldsOf('{{#if a}}{{b}}{{/if}}'.repeat(500) + '{{c}} '.repeat(3000) + 'x'.repeat(150_000))).toEqual(['a', 'b', 'c']);
  });

  test('raw output is as good as plain in text', () => {
    expect(fieldsOf('{{{name}}}', 'text')).toEqual(['name']);
  });

  test('a tree instead of a text is refused: Handlebars would run it', () => {
    const tree = { type: 'Program', body: [] } as unknown as string;
    expect(parseTemplate(tree, 'text')).toEqual({ errors: [{ message: 'A template is a text', line: 1, column: 1 }] });
  });
});

describe('places of errors', () => {
  test.each<[string, number, number, string]>([
    ['{{firstName', 1, 3, 'cannot be read'],
    ['Hello {{}}', 1, 9, 'cannot be read'],
    ['one\ntwo {{a b', 2, 9, 'cannot be read'],
    ['one\ntwo {{(eq a b)}}', 2, 7, 'cannot be read'],
    ['{{#if a}}\n  x{{/each}}', 1, 4, '{{#if}} is closed by {{/each}}'],
    ['a\n  {{shout x}}', 2, 3, 'no helper shout'],
  ])('%j is wrong at %i:%i', (source, line, column, message) => {
    const parsed = parseTemplate(source, 'text');
    expect('errors' in parsed && parsed.errors[0]).toMatchObject({ line, column, message: expect.stringContaining(message) });
  });

  test('every mistake is listed, in the order of the text', () => {
    const parsed = parseTemplate('{{> a}}\n{{shout b}} {{c.constructor}}', 'html');
    expect('errors' in parsed && parsed.errors.map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [2, 1],
      [2, 15],
    ]);
  });
});
