import { RenderError } from './environment.js';
import { compileTemplate, type MergeValues, missingFields, TemplateSyntaxError } from './render.js';

const text = (source: string, values: MergeValues = {}): string => compileTemplate(source, 'text').render(values);
const html = (source: string, values: MergeValues = {}): string => compileTemplate(source, 'html').render(values);

const anna: MergeValues = {
  firstName: 'anna-maria',
  city: 'istanbul',
  birthDate: '1990-03-31',
  orders: 7,
  zero: 0,
  no: false,
  empty: '',
  nothing: null,
  total: 1234.5,
  currency: 'EUR',
  interests: ['tea', 'chess', ''],
  address: { city: 'Baku' },
  items: [
    { name: 'Cup', price: 5 },
    { name: 'Tea & milk', price: 12.5 },
  ],
};

describe('render', () => {
  test.each<[string, string]>([
    ['Hi {{firstName}}!', 'Hi anna-maria!'],
    ['Hi {{unknown}}{{nothing}}{{empty}}{{attributes.plan}}!', 'Hi !'],
    ['{{zero}} {{no}} {{orders}}', '0 false 7'],
    ['{{interests}}', 'tea, chess'],
    ['[{{address}}] {{address.city}} {{address.city.x}}', '[] Baku '],
    [
      '{{default firstName "friend"}} {{default unknown "friend"}} {{default empty firstName}} {{default zero 1}}',
      'anna-maria friend anna-maria 0',
    ],
    ['{{default unknown interests}}', 'tea, chess'],
    ['{{upper city}} {{upper city "tr"}} {{lower "IŞIK" "tr"}} {{lower "ABC"}}', 'ISTANBUL İSTANBUL ışık abc'],
    [
      '{{capitalize firstName}} {{capitalize city "tr"}} {{capitalize "éa"}} {{capitalize "😀a"}}{{capitalize empty}}',
      'Anna-maria İstanbul Éa 😀a',
    ],
    [
      '{{date birthDate}} | {{date birthDate "long"}} | {{date birthDate "day" "fi"}}',
      'Mar 31, 1990 | March 31, 1990 | 31. maaliskuuta',
    ],
    [
      '{{date birthDate "short" "de"}} | {{date birthDate "weekday" "tr_TR"}} | {{date birthDate "year"}}',
      '31.03.90 | Cumartesi | 1990',
    ],
    ['{{date "2026-01-01T23:30:00+02:00" "short" "fi"}} | {{date "2026-01-01T08:05" "time"}}', '1.1.2026 | 8:05 AM'],
    ['{{date "someday"}} {{date "2026-02-31T99:00Z"}} {{date unknown}}|', 'someday 2026-02-31T99:00Z |'],
    ['{{number total}} {{number total "fi"}} {{number "42"}} {{number "n/a"}} {{number unknown}}|', '1,234.5 1 234,5 42 n/a |'],
    [
      '{{money total currency}} {{money total "usd" "de"}} {{money total "money"}} {{money "free" "EUR"}}',
      '€1,234.50 1.234,50 $ 1,234.5 free',
    ],
    ['{{number 1234.5 "not a locale!"}}', '1,234.5'],
    ['{{#if (gt orders 5)}}vip{{else}}new{{/if}}', 'vip'],
    ['{{#if (lt orders 5)}}a{{else if (eq orders "7")}}b{{else}}c{{/if}}', 'b'],
    ['{{#if zero}}a{{else}}b{{/if}} {{#unless no}}c{{/unless}} {{#if interests}}d{{/if}}', 'b c d'],
    ['{{eq firstName unknown}} {{ne 1 1}} {{eq unknown nothing}} {{gt "10" "9"}} {{gt "b" "a"}}', 'false false true true true'],
    ['{{gt unknown 1}} {{lt unknown 1}} {{lt birthDate "2000-01-01"}}', 'false false true'],
    [
      '{{#each items}}{{@index}}:{{name}} {{money price ../currency}}{{#unless @last}}; {{/unless}}{{/each}}',
      '0:Cup €5.00; 1:Tea & milk €12.50',
    ],
    ['{{#each items as |item i|}}{{i}}{{item.name}}{{/each}}', '0Cup1Tea & milk'],
    ['{{#each interests}}<{{this}}>{{/each}}', '<tea><chess><>'],
    ['{{#each address}}{{@key}}={{this}}{{/each}}', 'city=Baku'],
    ['{{#each unknown}}a{{else}}none{{/each}}', 'none'],
    ['{{#each firstName}}a{{else}}not a list{{/each}}', 'not a list'],
    ['{{#with address}}{{city}} {{../firstName}}{{/with}}{{#with unknown}}x{{else}}-{{/with}}', 'Baku anna-maria-'],
    ['<b>{{{firstName}}}</b> {{&city}}', '<b>anna-maria</b> istanbul'],
    ['a{{!-- note --}}b  {{~firstName~}}  c', 'abanna-mariac'],
    ['سلام {{firstName}} 😀', 'سلام anna-maria 😀'],
  ])('%s', (source, expected) => {
    expect(text(source, anna)).toBe(expected);
  });

  test('text is left as it is, HTML is escaped, helpers included', () => {
    const values = { name: `<b>"Tom" & 'Al'</b>`, list: ['<i>', '&'] };
    expect(text('{{name}}', values)).toBe(values.name);
    const escaped = '&lt;b&gt;&quot;Tom&quot; &amp; &#x27;Al&#x27;&lt;/b&gt;';
    expect(html('{{name}} {{default x name}} {{list}}', values)).toBe(`${escaped} ${escaped} &lt;i&gt;, &amp;`);
    expect(html('{{upper name}}{{#each list}}{{this}}{{/each}}', { name: '<b>', list: ['<'] })).toBe('&lt;B&gt;&lt;');
  });

  test('a locale’s no-break spaces stay in HTML and become plain spaces in text; a value’s own stay', () => {
    expect(html('{{number 1234.5 "fi"}}')).toBe('1\u00a0234,5');
    expect(text('{{number 1234.5 "fi"}}{{x}}', { x: '\u00a0' })).toBe('1 234,5\u00a0');
  });

  test('nothing inherited is ever shown or called', () => {
    const warn = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const values = Object.create({ inherited: 'secret' }) as MergeValues;
    expect(text('{{inherited}}{{toString}}{{hasOwnProperty}}{{valueOf}}{{#with toString}}x{{/with}}', values)).toBe('');
    expect(text('{{firstName.toString}}{{interests.map}}{{interests.concat}}', anna)).toBe('');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('values from JSON with evil names change nothing', () => {
    const values = JSON.parse('{"__proto__": {"firstName": "evil"}, "constructor": {"prototype": {"x": 1}}}') as MergeValues;
    expect(text('[{{firstName}}]', values)).toBe('[]');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test('records without a prototype are as good as any', () => {
    const values = Object.assign(Object.create(null), { a: Object.assign(Object.create(null), { b: 'c' }) }) as MergeValues;
    expect(text('{{a}}{{a.b}}', values)).toBe('c');
  });

  test('values are data, never templates', () => {
    expect(text('{{firstName}}', { firstName: '{{city}}{{constructor}}', city: 'x' })).toBe('{{city}}{{constructor}}');
  });

  test('a template that parseTemplate refuses does not compile', () => {
    expect(() => compileTemplate('{{> x}}', 'text')).toThrow(TemplateSyntaxError);
    expect(() => compileTemplate('{{> x}}', 'text')).toThrow('line 1, column 1');
  });

  test('output has an end', () => {
    const many = Array.from({ length: 200 }, () => 'x');
    expect(() => text('{{a}}{{a}}', { a: 'x'.repeat(300_000) })).toThrow(RenderError);
    expect(() => text('{{#each a}}{{#each ../a}}{{/each}}{{/each}}', { a: many })).toThrow('lists of this contact are too long');
    expect(() => text(`{{#each a}}${'x'.repeat(10_000)}{{/each}}`, { a: many })).toThrow('too long');
    expect(text('{{#each a}}{{this}}{{/each}}', { a: many })).toHaveLength(200);
  });

  test('long values named thousands of times are given up early', () => {
    const values = { a: Array.from({ length: 100 }, () => '&'.repeat(500)), b: '&'.repeat(50_000) };
    const startedAt = performance.now();
    for (const source of [
      '{{a}}',
      '{{#if (eq (upper b) 1)}}x{{/if}}',
      '{{upper a}}',
      '{{#each a}}{{#each ../a}}{{lower ../../b}}{{/each}}{{/each}}',
    ])
      expect(() => compileTemplate(source.repeat(150), 'html').render(values)).toThrow(RenderError);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('missingFields', () => {
  const compiled = compileTemplate(
    '{{firstName}} {{empty}} {{nothing}} {{address.city}} {{address.zip}} {{a.b.c}} {{zero}} {{toString}}',
    'text',
  );

  test('names what is absent, null or empty', () => {
    expect(missingFields(compiled, anna)).toEqual(['empty', 'nothing', 'address.zip', 'a.b.c', 'toString']);
  });

  test('no and zero are values', () => {
    expect(missingFields({ fields: ['no', 'zero'] }, anna)).toEqual([]);
  });
});
