import { AppError, type FieldError } from '../platform/errors.js';
import { compileContent, type EmailSource, type SmsSource } from './compiled-content.js';
import { checkContent, type Vocabulary, type WrittenContent } from './content-check.js';
import { Registry } from '../contacts/attributes/registry.js';
import { fieldWords } from './merge-fields.js';

const email = (change: Partial<EmailSource>): EmailSource => ({
  channel: 'email',
  subject: 'Hello',
  preheader: null,
  html: '<p>Hello</p>',
  text: null,
  ...change,
});

const words: Vocabulary = { partials: new Map(), ...fieldWords(new Registry([], new Set())) };
const written = (source: SmsSource | EmailSource): WrittenContent =>
  source.channel === 'sms' ? source : { ...source, mjml: null };

async function errorsOf(source: SmsSource | EmailSource): Promise<readonly FieldError[]> {
  try {
    await checkContent(written(source), words);
  } catch (error) {
    if (error instanceof AppError) return error.fields;
    throw error;
  }
  return [];
}

const htmlErrors = async (html: string) =>
  (await errorsOf(email({ html }))).map(({ message, line, column }) => [message, line, column]);

describe('content of a template', () => {
  test('an SMS is read with its merge fields', async () => {
    const content = await checkContent(
      {
        channel: 'sms',
        body: 'Hi {{default firstName "you"}}, {{attributes.plan}} ends {{unsubscribeUrl}}',
      },
      words,
    );
    expect(content.fields).toEqual(['firstName', 'attributes.plan', 'unsubscribeUrl']);
  });

  test('what becomes too long with its preheader is refused when it is saved, not when it is sent', async () => {
    const html = `<p>${'x'.repeat(189_000)}</p>`;
    expect(await errorsOf(email({ html, preheader: 'Short' }))).toEqual([]);
    const footer = { text: null, html: 'y'.repeat(10_500), mjml: null };
    const withFooter = { ...words, partials: new Map([['footer', footer]]) };
    const mail = written(email({ html: `${html}{{> footer}}`, preheader: 'Short', text: 'x' }));
    await expect(checkContent(mail, withFooter)).rejects.toMatchObject({
      fields: [{ pointer: '/html', message: 'With the preheader: A template has at most 200 000 characters' }],
    });
  });

  test('every mistake is named with its field, line and column', async () => {
    const source = email({
      subject: 'Hi {{#if firstName}}',
      preheader: '{{{city}}',
      html: '<p>\n  {{{firstName}}}</p>',
      text: '{{nope x}}',
    });
    const errors = await errorsOf(source);
    expect(errors.map(error => error.pointer)).toEqual(['/subject', '/preheader', '/html', '/text']);
    expect(errors[2]).toEqual({
      pointer: '/html',
      line: 2,
      column: 3,
      message: expect.stringContaining('line 2, column 3') as string,
    });
  });

  test.each([
    ['{{fristName}}', 'did you mean {{firstName}}?'],
    ['{{FirstName}}', 'did you mean {{firstName}}?'],
    ['{{first_name}}', 'did you mean {{firstName}}?'],
    ['{{contact.firstName}}', 'did you mean {{firstName}}?'],
    ['{{shoeSize}}', 'custom ones are written {{attributes.name}}'],
    ['{{attributes}}', 'custom ones are written {{attributes.name}}'],
    ['{{attributes.Shoe}}', 'custom ones are written {{attributes.name}}'],
  ])('the unknown merge field %s is refused with a hint', async (body, hint) => {
    const [error] = await errorsOf({ channel: 'sms', body: `Hi,\n ${body}` });
    expect(error).toMatchObject({ pointer: '/body', line: 2, column: 2 });
    expect(error?.message).toContain(hint);
  });

  test.each([
    ['<p>a</p>\n<script>x</script>', 2, 1],
    ['<ScRiPt/x>', 1, 1],
    ['<svg><style><img src=x onerror=y></style></svg>', 1, 1],
    ['<noscript><!-- </noscript><img src=x onerror=y> -->', 1, 1],
    ['<img src=x onerror=alert(1)>', 1, 1],
    ['<img src="x"onerror="alert(1)">', 1, 1],
    [`<a title='>' onclick='x'>`, 1, 1],
    ['<a/onclick=x>', 1, 1],
    [`<a b'c onclick=x>y</a>`, 1, 1],
    ['<a href="javascript:alert(1)">x</a>', 1, 1],
    ['<a href=" java\nscript:alert(1)">x</a>', 1, 1],
    ['<a href="&#106;avascript&colon;alert(1)">x</a>', 1, 1],
    ['<a href="&#x6A;avascript:alert(1)">x</a>', 1, 1],
    ['<a href="java&Tab;script:alert(1)">x</a>', 1, 1],
    ['<a href="{{#if city}}java{{/if}}script:x">x</a>', 1, 1],
    ['<form action="vbscript:x">', 1, 1],
    ['<a href="data:text/html,x">', 1, 1],
    ['<iframe src="https://x"></iframe>', 1, 1],
    ['<object data="x">', 1, 1],
    ['<base href="https://x">', 1, 1],
    ['<meta http-equiv="refresh" content="0">', 1, 1],
    ['<a href={{city}}>x</a>', 1, 1],
    ['<a {{city}}>x</a>', 1, 1],
    ['<{{city}}>x', 1, 1],
    ['</{{city}}>x', 1, 1],
    ['<scr{{#if city}}ipt{{/if}}>x', 1, 1],
    ['<a on{{! }}click=x>', 1, 1],
    ['<title><b onclick=x></title><i onclick=y>', 1, 29],
    ['<!--><script>x</script>-->', 1, 6],
    ['<!-- a --!><script>', 1, 12],
    ["{{! don't }}<script>x</script>{{! isn't }}", 1, 13],
    ['\\{{<script>x</script>}}', 1, 4],
    ['{{!-- }} --}}\r<script>x</script>', 2, 1],
  ])('in HTML %j is refused', async (html, line, column) => {
    const errors = await htmlErrors(html);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.slice(1)).toEqual([line, column]);
  });

  test.each([
    '<a href="https://x.example/?a=b&amp;c={{city}}" style="color:red">x</a>',
    '<a href="{{unsubscribeUrl}}">Leave</a>',
    '<!-- <script>x</script> --><p>x</p>',
    '<!--[if mso]><table><tr><td><![endif]-->x<!--[if mso]></td></tr></table><![endif]-->',
    '<td {{#if city}}class="a"{{/if}} bgcolor="#fff">x</td>',
    '<p>1 < 2 and a > b, onclick=1, javascript:</p>',
    '<style>a{color:red}</style><p title="only">x</p>',
    '<!doctype html><html><head><title>{{city}}</title></head><body>x</body></html>',
  ])('in HTML %j is fine', async html => {
    expect(await htmlErrors(html)).toEqual([]);
  });

  test('a subject with a line break is refused, and a value cannot bring one in', async () => {
    expect(await errorsOf(email({ subject: 'a\nb' }))).toMatchObject([{ pointer: '/subject' }]);
    const content = compileContent(email({ subject: 'Hi {{firstName}}' }));
    expect(content.render({ firstName: 'Ann\r\nBcc: all@x.example\u2028' })).toMatchObject({
      subject: 'Hi Ann Bcc: all@x.example',
    });
  });

  test('HTML values are escaped, text values are not', async () => {
    const content = compileContent(email({ subject: '{{city}}', html: '<p title="{{city}}">{{city}}</p>', text: '{{city}}' }));
    expect(content.render({ city: `<b>"&'` })).toEqual({
      channel: 'email',
      subject: `<b>"&'`,
      html: '<p title="&lt;b&gt;&quot;&amp;&#x27;">&lt;b&gt;&quot;&amp;&#x27;</p>',
      text: `<b>"&'`,
    });
  });

  test('the text alternative is made from the HTML, expressions untouched', async () => {
    const html = `<html><head><title>T</title><style>p{}</style></head><body><h1>Hi {{default firstName "<you>"}}</h1>
      <p>Tom &amp; Jerry {{#if city}}in {{city}}{{else}}nowhere{{/if}}</p><img src="x.png" alt="logo">
      <a href="https://shop.example/?c={{city}}">Shop</a> <a href="{{unsubscribeUrl}}">Leave</a></body></html>`;
    const content = await checkContent(written(email({ html })), words);
    expect(content).toMatchObject({ isTextGenerated: true, fields: ['firstName', 'city', 'unsubscribeUrl'] });
    expect(compileContent(email({ html })).render({ city: 'Oulu', unsubscribeUrl: 'https://u' })).toMatchObject({
      text: 'Hi <you>\n\nTom & Jerry in Oulu\n\nShop (https://shop.example/?c=Oulu) Leave (https://u)',
    });
  });

  test('a text that cannot be made from the HTML asks for one', async () => {
    const html = '<html><head><style>{{#if city}}</style></head><body>x{{/if}}</body></html>';
    expect(await errorsOf(email({ html }))).toEqual([
      { pointer: '/text', message: expect.stringContaining('write one') as string },
    ]);
    expect(await errorsOf(email({ html, text: 'x' }))).toEqual([]);
    expect(await errorsOf(email({ html: '<div>'.repeat(30_000) }))).toMatchObject([{ pointer: '/text' }]);
  });

  test('the preheader is hidden at the top of the body, escaped and padded', async () => {
    const html = '<html><body class="a>b">\n<p>x</p></body></html>';
    const content = compileContent(email({ html, preheader: 'A < B & {{default city "\'>"}}' }));
    const rendered = content.render({ city: '<i>' });
    expect(rendered).toMatchObject({
      html: expect.stringMatching(
        /<body class="a>b"><div style="display:none[^>]*>A &lt; B &amp; &lt;i&gt;(&#847;&zwnj;&nbsp;)+<\/div>\n<p>/,
      ) as string,
    });
    expect(content.fields).toEqual(['city']);
    expect(content.render({})).toMatchObject({ text: 'x' });
  });

  test('an SMS is rendered as it will be counted: one kind of line end, composed letters', async () => {
    const content = compileContent({ channel: 'sms', body: 'a\r\n{{city}}' });
    expect(content.render({ city: 'A\u030a' })).toEqual({ channel: 'sms', text: 'a\nÅ' });
  });
});
