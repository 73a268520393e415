/** The audience of several saved segments as one rule: everyone in any of the includes and in none of the excludes. */
import type { Rule } from '../domain/segment/rule.js';

export function audienceRule(includes: readonly Rule[], excludes: readonly Rule[]): Rule {
  return {
    kind: 'all',
    rules: [
      { kind: 'any', rules: [...includes] },
      { kind: 'none', rules: [...excludes] },
    ],
  };
}
