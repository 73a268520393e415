/**
 * The one place where a segment becomes SQL: a condition on `c`, a row of `contact`. The caller adds
 * `c.workspace_id = … and c.erased_at is null`. Derived each time and never stored; relative dates are values made from `now`.
 */
import type { WorkspaceId } from '../ids.js';
import type { Sql } from '../sql.js';
import { absence, allOf, anyOf, asCondition, type Clause, everyone, nobody } from './clause.js';
import { definitionOf, type RuleContext } from './definitions.js';
import { compileAge } from './kinds/age.js';
import { compileAnniversary } from './kinds/anniversary.js';
import { compileAttribute } from './kinds/attribute.js';
import { compileConsent } from './kinds/consent.js';
import { compileCustomAttribute } from './kinds/custom-attribute.js';
import { compileEvent } from './kinds/event.js';
import { compileLastEvent } from './kinds/last-event.js';
import { compileLastOrder } from './kinds/last-order.js';
import { compileList, compileTag } from './kinds/membership.js';
import { compilePhone } from './kinds/phone.js';
import { compilePlace } from './kinds/place.js';
import { compileReachable } from './kinds/reachable.js';
import { normalize } from './normalize.js';
import type { Rule } from './rule.js';

export function compileSegment(workspaceId: WorkspaceId, rule: Rule, context: RuleContext): Sql {
  return asCondition(compile(workspaceId, normalize(rule), context));
}

function compile(workspaceId: WorkspaceId, rule: Rule, context: RuleContext): Clause {
  const compileAll = (rules: Rule[]): Clause[] => rules.map(inner => compile(workspaceId, inner, context));
  switch (rule.kind) {
    case 'all':
      return rule.rules.length === 0 ? everyone : allOf(compileAll(rule.rules));
    case 'any':
      return rule.rules.length === 0 ? nobody : anyOf(compileAll(rule.rules));
    case 'none':
      return allOf(compileAll(rule.rules).map(absence));
    case 'attribute':
      return compileAttribute(rule, context);
    case 'custom-attribute':
      return compileCustomAttribute(rule, context);
    case 'age':
      return compileAge(rule, context);
    case 'anniversary':
      return compileAnniversary(rule, context);
    case 'place':
      return compilePlace(rule);
    case 'phone':
      return compilePhone(workspaceId, rule);
    case 'list':
      return compileList(workspaceId, rule);
    case 'tag':
      return compileTag(workspaceId, rule);
    case 'event':
      return compileEvent(workspaceId, rule, context);
    case 'event-last':
      return compileLastEvent(workspaceId, rule, context);
    case 'last-order':
      return compileLastOrder(workspaceId, rule, context);
    case 'reachable':
      return compileReachable(workspaceId, rule);
    case 'consent':
      return compileConsent(workspaceId, rule, context);
    case 'segment':
      return compile(workspaceId, normalize(definitionOf(rule, context)), context);
  }
}
