// The catalogue of problems is whole: every code that is thrown is in it, and docs/problems.md says what the table says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorStatuses } from '../../src/platform/errors.js';
import { problemsInMarkdown } from '../../src/platform/http/problem-pages.js';
import { findProblemType, problemTypes } from '../../src/platform/http/problem-types.js';

const root = join(__dirname, '../..');

test('every code that src throws is in the catalogue', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
  const thrown = files.flatMap(file =>
    [...readFileSync(join(root, 'src', file), 'utf8').matchAll(/new AppError\(\s*'([^']+)'/g)].map(match => match[1] ?? ''),
  );
  expect(thrown.length).toBeGreaterThan(10);
  expect(thrown.filter(code => !findProblemType(code))).toEqual([]);
  expect(Object.keys(errorStatuses).filter(code => !findProblemType(code))).toEqual([]);
});

test('every problem says what it means and what to do', () => {
  const sentences = problemTypes.flatMap(({ meaning, remedy }) => [meaning, remedy]);
  expect(sentences.filter(sentence => !/^[A-Z].{20,}\.$/s.test(sentence))).toEqual([]);
});

test('docs/problems.md is the catalogue (else: npm run docs)', () => {
  expect(readFileSync(join(root, 'docs/problems.md'), 'utf8')).toBe(problemsInMarkdown());
});
