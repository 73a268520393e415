/** Every bench runs at a tiny size and says what it promises; none leaves anything behind. How fast anything is, is not asked here. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { endTestProcesses, projectRoot, TestProcess } from '../support/processes.js';

jest.setTimeout(180_000);

afterEach(endTestProcesses);

const names = readdirSync(join(projectRoot, 'bench'))
  .flatMap(file => /^(.+)\.ts$/.exec(file)?.[1] ?? [])
  .sort();
const units: Record<string, string> = {
  rows_per_second: 'rows/s',
  messages_per_second: 'messages/s',
  events_per_second: 'events/s',
  milliseconds: 'ms',
  peak_rss_mb: 'MB',
};

type Line = { bench: string; figure: string; value: number; unit: string; floor: number | null; ratio: number | null };

const linesOf = (output: string): Line[] =>
  output
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Line);

const folderIn = (output: string): string => /database in (\S+muster-bench-[^/]+)/.exec(output)?.[1] ?? '';

test.each(names)('%s says figures with their floors, and cleans up', async name => {
  const bench = TestProcess.start(`dist/bench/${name}.js`, ['--size', '60', ...(name === 'send-sms' ? ['--workers', '1'] : [])]);
  expect({ code: await bench.exit(), output: bench.output }).toMatchObject({ code: 0 });
  const lines = linesOf(bench.output);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual(['bench', 'figure', 'value', 'unit', 'floor', 'ratio']);
    expect(line.bench === name || line.bench.startsWith(`${name}-`)).toBe(true);
    expect(line.value).toBeGreaterThan(0);
    expect(line.unit).toBe(units[line.figure]);
    if (line.floor !== null) expect(((line.ratio ?? 0) * line.floor) / line.value).toBeCloseTo(1, 2);
  }
  const own = lines.filter(line => line.bench === name);
  expect(own.filter(line => line.ratio !== null)).toHaveLength(1);
  if (process.platform === 'linux') expect(own.map(line => line.figure)).toContain('peak_rss_mb');
  expect(existsSync(folderIn(bench.output))).toBe(false);
});

test('a bench that is interrupted leaves no processes and no files', async () => {
  const bench = TestProcess.start('dist/bench/freeze.js', ['--size', '1000000']);
  await bench.printed(/inserting/);
  const folder = folderIn(bench.output);
  expect(existsSync(folder)).toBe(true);
  expect(await bench.end('SIGINT')).toBe(130);
  expect(existsSync(folder)).toBe(false);
});

test('a wrong size and a name that is none are told', async () => {
  const wrong = TestProcess.start('dist/bench/freeze.js', ['--size', 'many']);
  expect(await wrong.exit()).toBe(1);
  expect(wrong.output).toContain('--size: wanted a whole number');
  const unknown = TestProcess.start('scripts/bootstrap.mjs', ['bench', 'nothing']);
  expect(await unknown.exit()).toBe(1);
  expect(unknown.output).toContain(`NAME is one of ${names.join(', ')}`);
});
