// CSV out and in again.
import { csvLine, csvList, csvNumber, defuse, parseCsvList, restore } from './csv.js';

test.each(['=1+1', '+cmd', '-x', '@sum', '\tx', '\rx', "'=1", "''-x", '--1', '+1 (212) 555', '=', '-'])(
  'a spreadsheet runs nothing of %j, and it comes back as it was',
  cell => {
    expect(defuse(cell)).toBe(`'${cell}`);
    expect(restore(defuse(cell))).toBe(cell);
  },
);

test.each(['', 'Aino', "O'Neil", "'quoted'", '-12.5', '+358401234567', '7', "'", "''"])('%j is left alone', cell => {
  expect(defuse(cell)).toBe(cell);
  expect(restore(cell)).toBe(cell);
});

test('a record quotes what would break it', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', ' x', 'cr\rcr', ''])).toBe(
    'a,"b,c","say ""hi""","two\nlines"," x","cr\rcr",\r\n',
  );
  expect(csvLine(['=a,b'])).toBe('"\'=a,b"\r\n');
});

test.each([
  [['a', 'b'], 'a; b'],
  [['one, with a comma'], 'one, with a comma;'],
  [['a, b', 'c'], 'a, b; c'],
  [['a;b', 'c|d'], '["a;b","c|d"]'],
  [['[x'], '["[x"]'],
  [['plain'], 'plain'],
  [[], ''],
])('the list %j is the cell %j, and back', (items, cell) => {
  expect(csvList(items)).toBe(cell);
  expect(parseCsvList(cell)).toEqual(items);
});

test('lists of other hands are read too', () => {
  expect(parseCsvList('a, b ,a')).toEqual(['a', 'b']);
  expect(parseCsvList('[not json; b')).toEqual(['[not json', 'b']);
});

test.each([
  [1, '1'],
  [-0.25, '-0.25'],
  [1e21, '1000000000000000000000'],
  [1.5e-7, '0.00000015'],
  [40.40926169999999, '40.40926169999999'],
])('%d is written %s', (value, text) => expect(csvNumber(value)).toBe(text));
