import { compileTemplate, type MergeValues } from './render.js';

const html = (source: string, values: MergeValues) => compileTemplate(source, 'html').render(values);

describe('a merge value that begins an address', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' java\nscript:alert(1)',
    'java\tscript\u0001:alert(1)',
    '\u0000javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:x',
    'x:y',
  ])('is left out when it is %j', link => {
    for (const attribute of ['href', 'SRC', 'action', 'xlink:href', 'background'])
      expect(html(`<a ${attribute}="{{link}}">x</a>`, { link })).toBe(`<a ${attribute}="">x</a>`);
    expect(html(`<a title='x' href = '{{link}}'>x</a>`, { link })).toBe(`<a title='x' href = ''>x</a>`);
    expect(html(`<a href="{{default link "https://x"}}">x</a>`, { link })).toBe(`<a href="">x</a>`);
    expect(html(`<a href="{{#if link}}{{link}}{{else}}https://x{{/if}}">x</a>`, { link })).toBe(`<a href="">x</a>`);
    expect(html(`<a href="{{#unless link}}https://x/{{/unless}}{{link}}">x</a>`, { link })).toBe(`<a href="">x</a>`);
  });

  test('is left out when it goes on where another began the scheme', () => {
    expect(html('<a href="{{a}}{{b}}">x</a>', { a: 'java', b: 'script:alert(1)' })).toBe('<a href="java">x</a>');
    expect(html('<a href="java{{b}}">x</a>', { b: 'script:alert(1)' })).toBe('<a href="java">x</a>');
  });

  test.each([
    'https://shop.example/a?b=c:d',
    'HTTP://shop.example',
    'mailto:a@b.c',
    'tel:+358401234567',
    'sms:+358401234567',
    '/path:a',
    '#part:a',
    '?q=a:b',
    'page',
  ])('stays when it is %j', link => {
    expect(html('<a href="{{link}}">x</a>', { link })).toBe(`<a href="${link.replaceAll('=', '&#x3D;')}">x</a>`);
  });

  test('may be anything where the scheme is given, in other attributes and in text', () => {
    const link = 'javascript:alert(1)';
    const same = ['<a href="https://x.example/{{link}}">', '<a href="?{{link}}">', '<p title="{{link}}">', '<p>{{link}}</p>'];
    for (const source of [...same, '<a href="https://x.example">{{link}}</a>', '<a href="/">a</a> b="{{link}}"'])
      expect(html(source, { link })).toBe(source.replace('{{link}}', link));
  });
});
