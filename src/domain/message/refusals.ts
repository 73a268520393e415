/**
 * Why a message is not sent. Refusals are values, not errors: freeze and claim write one of these on the row, the plan
 * and the report count by them. A closed union: a new reason starts here.
 */
export const refusals = {
  'no-address': 'The contact has no address on this channel.',
  'invalid-address': 'The address is not one that could be delivered to.',
  'no-consent': 'The contact has not consented to this topic on this channel.',
  suppressed: 'The address is suppressed: an opt-out, a hard bounce, a complaint or an operator put it there.',
  landline: 'The number is a landline, which cannot receive SMS.',
  'duplicate-address': 'Another contact with the same address already gets this message.',
  erased: 'The contact was erased after the audience was frozen.',
  unrenderable: 'The template could not be rendered for this contact.',
  'empty-message': 'The template rendered to nothing for this contact.',
  'too-long': 'The rendered message is longer than the gateway or the campaign allows.',
  'not-allowed': 'The gateway may only send to its allow-list and this address is not on it.',
  'frequency-cap': 'The contact has had as many messages as the cap allows and it frees only after the campaign ends.',
  holdout: 'The contact is in the share kept unsent so that lift can be measured.',
} as const;

export type Refusal = keyof typeof refusals;
