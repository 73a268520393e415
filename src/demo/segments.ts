// The four segments of the demo, as a marketer would ask for them.
import type { Rule } from '../domain/segment/rule.js';

export type DemoSegment = {
  readonly key: 'region' | 'area-code' | 'women' | 'no-order';
  readonly name: string;
  readonly rule: Rule;
};

export const demoSegments: readonly DemoSegment[] = [
  {
    key: 'region',
    name: 'Istanbul and Izmir regions',
    rule: { kind: 'place', country: ['TR'], region: ['Istanbul', 'Izmir'] },
  },
  {
    key: 'area-code',
    name: 'New York area codes',
    rule: { kind: 'phone', country: ['US'], areaCode: ['212', '332', '347', '646', '718', '917', '929'] },
  },
  {
    key: 'women',
    name: 'Women of 25 to 35 in Tehran',
    rule: {
      kind: 'all',
      rules: [
        { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
        { kind: 'age', operator: 'between', value: [25, 35] },
        { kind: 'place', country: ['IR'], city: ['Tehran'] },
      ],
    },
  },
  {
    key: 'no-order',
    name: 'Britain, no order for 180 days',
    rule: {
      kind: 'all',
      rules: [
        { kind: 'place', country: ['GB'] },
        { kind: 'none', rules: [{ kind: 'last-order', operator: 'within-days', days: 180 }] },
      ],
    },
  },
];
