/** Is this one contact in the segment? The same answers as the compiled SQL, proved on generated contacts and rules. */
import { definitionOf, type RuleContext } from './definitions.js';
import { matchesAge } from './kinds/age.js';
import { matchesAnniversary } from './kinds/anniversary.js';
import { matchesAttribute } from './kinds/attribute.js';
import { matchesConsent } from './kinds/consent.js';
import { matchesCustomAttribute } from './kinds/custom-attribute.js';
import { matchesEvent } from './kinds/event.js';
import { matchesLastEvent } from './kinds/last-event.js';
import { matchesLastOrder } from './kinds/last-order.js';
import { matchesList, matchesTag } from './kinds/membership.js';
import { matchesPhone } from './kinds/phone.js';
import { matchesPlace } from './kinds/place.js';
import { matchesReachable } from './kinds/reachable.js';
import type { Profile } from './profile.js';
import type { Rule } from './rule.js';

export function matches(rule: Rule, profile: Profile, context: RuleContext): boolean {
  const holds = (inner: Rule): boolean => matches(inner, profile, context);
  switch (rule.kind) {
    case 'all':
      return rule.rules.every(holds);
    case 'any':
      return rule.rules.some(holds);
    case 'none':
      return !rule.rules.some(holds);
    case 'attribute':
      return matchesAttribute(rule, profile, context);
    case 'custom-attribute':
      return matchesCustomAttribute(rule, profile, context);
    case 'age':
      return matchesAge(rule, profile, context);
    case 'anniversary':
      return matchesAnniversary(rule, profile, context);
    case 'place':
      return matchesPlace(rule, profile);
    case 'phone':
      return matchesPhone(rule, profile);
    case 'list':
      return matchesList(rule, profile);
    case 'tag':
      return matchesTag(rule, profile);
    case 'event':
      return matchesEvent(rule, profile, context);
    case 'event-last':
      return matchesLastEvent(rule, profile, context);
    case 'last-order':
      return matchesLastOrder(rule, profile, context);
    case 'reachable':
      return matchesReachable(rule, profile);
    case 'consent':
      return matchesConsent(rule, profile, context);
    case 'segment':
      return holds(definitionOf(rule, context));
  }
}
