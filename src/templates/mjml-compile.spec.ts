import { compileMjml } from './mjml-compile.js';

const mail = (inside: string, attributes = '') =>
  `<mjml>\n<mj-body>\n<mj-section${attributes}><mj-column>${inside}</mj-column></mj-section></mj-body></mjml>`;
const htmlOf = async (source: string): Promise<string> => {
  const compiled = await compileMjml(source);
  if ('errors' in compiled) throw new Error(JSON.stringify(compiled.errors));
  return compiled.html;
};
const errorsOf = async (source: string) => {
  const compiled = await compileMjml(source);
  return 'errors' in compiled ? compiled.errors : [];
};

describe('MJML', () => {
  test('becomes HTML that fetches nothing: no font, no style sheet', async () => {
    const html = await htmlOf(mail('<mj-text font-family="Roboto, Ubuntu">Hello</mj-text>'));
    expect(html).toContain('Hello');
    expect(html).not.toMatch(/fonts\.|<link|@import/);
  });

  test.each([
    ['<mj-text>Hi {{default firstName "a > b & \\"c"}}</mj-text>', '{{default firstName "a > b & \\"c"}}'],
    ['<mj-text>{{#if (gt orders 5)}}<b>x</b>{{else}}y{{/if}}</mj-text>', '{{#if (gt orders 5)}}<b>x</b>{{else}}y{{/if}}'],
    [
      '<mj-button href="https://a.example/?c={{city}}&d={{default city "x"}}">Go</mj-button>',
      '?c={{city}}&d={{default city "x"}}"',
    ],
    ['<mj-text color="{{attributes.color}}">x</mj-text>', 'color:{{attributes.color}};'],
    ['<mj-raw>{{#each orders}}<i>{{this}}</i>{{/each}}</mj-raw>', '{{#each orders}}<i>{{this}}</i>{{/each}}'],
    ['<mj-raw>{{#if city}}</mj-raw><mj-text>x</mj-text><mj-raw>{{/if}}</mj-raw>', '{{#if city}}'],
  ])('%s keeps its expressions', async (inside, expected) => {
    expect(await htmlOf(mail(inside))).toContain(expected);
  });

  test('reads from right to left when it says so', async () => {
    expect(
      await htmlOf(
        '<mjml dir="rtl" lang="fa"><mj-body><mj-section><mj-column><mj-text>سلام</mj-text></mj-column></mj-section></mj-body></mjml>',
      ),
    ).toMatch(/<html[^>]*lang="fa"[^>]*dir="rtl"/);
  });

  test.each([
    [mail('<mj-txt>x</mj-txt>'), 3, 24, 'mj-txt'],
    [mail('<mj-text>x</mj-text>', ' colour="red"'), 3, 1, 'colour'],
    [mail('\n  <mj-text>x'), 4, 3, '<mj-text> is not closed'],
    [mail('</mj-text>'), 3, 13, '<mj-column> is not closed before </mj-text>'],
    [mail('<mj-text>x</mj-text>\n{{#if city}}<mj-text>y</mj-text>{{/if}}'), 4, 1, 'an <mj-raw> of its own'],
    [mail('<mj-include path="/etc/passwd" />'), 3, 24, 'reads files'],
    ['<p>Hello</p>', 1, 1, 'no MJML'],
    ['nothing', 1, 1, 'no MJML'],
  ])('%j is refused with its place', async (source, line, column, message) => {
    const [error] = await errorsOf(source);
    expect(error).toMatchObject({ line, column });
    expect(error?.message).toContain(message);
  });

  test('more elements than any mail has are refused before they are laid out', async () => {
    expect(await errorsOf(mail('<mj-text>x</mj-text>'.repeat(3_000)))).toMatchObject([
      { message: expect.stringContaining('at most') as string },
    ]);
  });
});
