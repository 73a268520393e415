import { type Variant, variantOf } from './variants.js';

const variants = (...shares: number[]): Variant[] =>
  shares.map((share, i) => ({ name: String.fromCharCode(65 + i), templateId: String(i + 1), share }));
const people = Array.from({ length: 20_000 }, (_, i) => String(i + 1));

test('shares are met closely', () => {
  const [a = 0, b = 0, c = 0] = ['A', 'B', 'C'].map(
    name => people.filter(id => variantOf(id, '7', variants(1, 3, 6))?.name === name).length / people.length,
  );
  expect(a).toBeCloseTo(0.1, 1.7);
  expect(b).toBeCloseTo(0.3, 1.7);
  expect(c).toBeCloseTo(0.6, 1.7);
});

test('two campaigns do not split people alike', () => {
  const half = (campaignId: string) => new Set(people.filter(id => variantOf(id, campaignId, variants(1, 1))?.name === 'A'));
  const second = half('8');
  const both = [...half('7')].filter(id => second.has(id)).length;
  expect(both / people.length).toBeCloseTo(0.25, 1.7);
});

test('without variants there is none', () => {
  expect(variantOf('1', '7', [])).toBeNull();
});
