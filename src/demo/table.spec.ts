// How the terminal output looks, in a terminal and in a file.
import { type Output, Screen } from './screen.js';
import { table } from './table.js';

const recorded = (isTTY: boolean): Output & { text: string } => ({
  text: '',
  isTTY,
  write(text: string) {
    this.text += text;
  },
});

test('a table sets text to the left and grouped numbers to the right', () => {
  expect(
    table(
      ['Segment', 'Contacts'],
      [
        ['Istanbul', 3780],
        ['Kadınlar', 12],
      ],
    ),
  ).toBe(['  Segment   Contacts', '  ────────  ────────', '  Istanbul     3 780', '  Kadınlar        12'].join('\n'));
});

test('in a terminal the progress line replaces itself and stays when done', () => {
  const output = recorded(true);
  const screen = new Screen(output, () => new Date(0));
  screen.progress('1 of 2');
  screen.done('2 of 2');
  screen.line('next');
  expect(output.text).toBe('\r\u001B[2K  1 of 2\r\u001B[2K  2 of 2\nnext\n');
});

test('in a file progress is a plain line, at most one every three seconds', () => {
  const output = recorded(false);
  let now = 10_000;
  const screen = new Screen(output, () => new Date(now));
  for (const step of ['a', 'b', 'c']) {
    screen.progress(step);
    now += 2_000;
  }
  screen.done('d');
  expect(output.text).toBe('  a\n  c\n  d\n');
});
