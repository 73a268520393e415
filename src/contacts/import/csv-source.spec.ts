// The bytes of an upload become records, or a sentence about the line that is wrong.
import { Readable } from 'node:stream';
import { AppError } from '../../platform/errors.js';
import { type CsvRecord, detectDelimiter, readCsv } from './csv-source.js';

async function read(bytes: string | Buffer, chunkSize = 7): Promise<CsvRecord[]> {
  const buffer = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  for (let i = 0; i < buffer.length; i += chunkSize) chunks.push(buffer.subarray(i, i + chunkSize));
  const out: CsvRecord[] = [];
  for await (const read of readCsv(Readable.from(chunks), 'auto')) read(record => out.push(record));
  return out;
}

const cells = (records: CsvRecord[]) => records.map(record => ('cells' in record ? record.cells : record.broken));

const refusal = async (bytes: string | Buffer): Promise<string> =>
  read(bytes).then(
    () => 'accepted',
    (error: AppError) => error.message,
  );

test('records survive any cut of the chunks, with quoted newlines, quotes, a BOM and characters of many bytes', async () => {
  const text = '\ufeffname,note\nAino,"a ""b""\nc"\n\nسارا,😀é\n';
  for (const size of [1, 2, 3, 5, 1000]) {
    const records = await read(text, size);
    expect(cells(records)).toEqual([
      ['name', 'note'],
      ['Aino', 'a "b"\nc'],
      ['سارا', '😀é'],
    ]);
    expect(records.map(record => record.line)).toEqual([1, 3, 5]);
  }
});

test('more records than any buffer of the parser holds come through, once and in order', async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `${i},x`);
  const records = await read(`a,b\n${rows.join('\n')}`, 65_536);
  expect(records).toHaveLength(50_001);
  expect(records.map(record => ('cells' in record ? record.cells[0] : '')).slice(1)).toEqual(rows.map(row => row.split(',')[0]));
});

test.each(['a,b\n1,2', 'a,b\n1,2\n'])(
  'what is thrown at the last record of %j ends the read, and nothing is handed over after it',
  async text => {
    const taken: number[] = [];
    const reading = (async () => {
      for await (const read of readCsv(Readable.from([Buffer.from(text)]), 'auto'))
        read(({ line }) => {
          taken.push(line);
          if (line === 2) throw new Error('no room for it');
        });
    })();
    await expect(reading).rejects.toThrow('no room for it');
    expect(taken).toEqual([1, 2]);
  },
);

test.each([
  ['a,b;c,d', ','],
  ['a;b;c', ';'],
  ['a\tb', '\t'],
  ['a|b|c', '|'],
  ['"a,b,c";d;e', ';'],
  ['alone', ','],
  ['\n\na;b', ';'],
])('the delimiter of %j is %j', (head, delimiter) => {
  expect(detectDelimiter(head)).toBe(delimiter);
});

test.each([
  ['', 'empty'],
  [Buffer.from('\ufeffa,b\n1,2', 'utf16le'), 'UTF-16'],
  [Buffer.from('504b0304aaaa', 'hex'), 'Excel workbook'],
  [Buffer.from('1f8b0800', 'hex'), 'compressed'],
  [Buffer.from('d0cf11e0a1b1', 'hex'), 'Excel workbook'],
  [Buffer.concat([Buffer.from('a,b\n1,2\nx,'), Buffer.from([0xe4]), Buffer.from('y\n')]), 'Line 3 is not UTF-8'],
  [Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xe2, 0x82])]), 'Line 2 is not UTF-8'],
  ['a,b\n1,"open\n2,3\n', 'never closed'],
  ['a,b\n1,"x"y\n2,3\n', 'Line 2: text after a closing quote'],
  [`a,b\n1,"${'x'.repeat(1_200_000)}\n`, 'longer than 1 MB'],
])('case %#: a file that is no CSV in UTF-8 is refused: %#', async (bytes, message) => {
  expect(await refusal(bytes)).toContain(message);
});

test('a stray quote costs its row and no other', async () => {
  expect(cells(await read('a,b\n1,x"y\n2,3\n'))).toEqual([
    ['a', 'b'],
    expect.stringContaining('quote inside a cell'),
    ['2', '3'],
  ]);
});
