/**
 * Golden files: what a compiler or renderer gave, kept beside the tests, so that a change of it is seen in review. Write
 * them anew with `UPDATE_GOLDEN=1 npx jest <spec>` and read the difference.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = join(__dirname, '../golden');

export function expectGolden(file: string, text: string): void {
  const path = join(folder, file);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) throw new Error(`no golden file ${file}: make it with UPDATE_GOLDEN=1 and read it`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
