import { expandPartials, type PartialBodies, type PartialBook } from './partial-expansion.js';

const text = (words: string): PartialBodies => ({ text: words, html: null, mjml: null });
const book: PartialBook = new Map([
  ['footer', text('Bye {{firstName}}\nSTOP')],
  ['outer', text('[{{> footer}}]')],
  ['a', text('{{> b}}')],
  ['b', text('{{> a}}')],
  ['web', { text: null, html: '<p>x</p>', mjml: null }],
]);

describe('a partial', () => {
  test('is copied in, also from within blocks and other partials', () => {
    const { source, used } = expandPartials('Hi {{#if city}}{{> outer}}{{/if}}', 'text', book);
    expect(source).toBe('Hi {{#if city}}[Bye {{firstName}}\nSTOP]{{/if}}');
    expect(used).toEqual(['outer', 'footer']);
  });

  test.each([
    ['{{> nobody}}', 'text', 'There is no partial named nobody'],
    ['{{> a}}', 'text', 'circle: a → b → a'],
    ['{{> footer name=1}}', 'text', 'takes no values'],
    ['{{> (upper city)}}', 'text', 'Name a partial'],
    ['{{> web}}', 'text', 'has no text'],
    ['{{> footer}}', 'html', 'has no html'],
  ] as const)('%s in %s is refused', (call, use, message) => {
    const { errors } = expandPartials(`x\n ${call}`, use, book);
    expect(errors).toMatchObject([{ line: 2, column: 2 }]);
    expect(errors[0]?.message).toContain(message);
  });

  test('gives its HTML to MJML when it has none of its own', () => {
    expect(expandPartials('{{> web}}', 'mjml', book).source).toBe('<p>x</p>');
  });

  test('leaves the places of mistakes where the author sees them', () => {
    const { locate } = expandPartials('a {{> footer}}\n{{nope}}', 'text', book);
    expect(locate({ message: 'x', line: 3, column: 1 })).toEqual({ message: 'x', line: 2, column: 1 });
    expect(locate({ message: 'x', line: 2, column: 3 })).toEqual({ message: 'in {{> footer}}: x', line: 1, column: 3 });
  });

  test('that grows without end is stopped', () => {
    const many = new Map([['big', text('x'.repeat(60_000))]]);
    expect(expandPartials('{{> big}}'.repeat(9), 'text', many).errors).toMatchObject([
      { message: expect.stringContaining('200 000') as string },
    ]);
  });

  test('is not followed more often than a message needs, however they call each other', () => {
    const tree = new Map(Array.from({ length: 9 }, (_, i) => [`p${i}`, text(i === 8 ? 'x' : `{{> p${i + 1}}}`.repeat(3))]));
    expect(expandPartials('{{> p0}}', 'text', tree).errors[0]?.message).toContain('at most 500 partials');
  });
});
