/**
 * What a provider's error code says about the address itself, so that it is not tried again. Pure; read by tracking (receipts) and delivery
 * (refusals). Only codes that mean the address, never ones about us, the text or the hour.
 */
export type AddressVerdict = 'invalid' | 'hard-bounce' | 'stop';

/** Twilio: not a number, not mobile, unknown handset, a landline; 21610 is an opt-out at their side. */
const twilioVerdicts: Record<string, AddressVerdict> = {
  '21211': 'invalid',
  '21214': 'invalid',
  '21217': 'invalid',
  '21614': 'invalid',
  '30005': 'invalid',
  '21610': 'stop',
};

/** RFC 3463: no such user, host or syntax, moved, null MX; mailbox disabled; no route. Only as permanent (5xx) replies. */
const hardBounce = /^5\d{2} 5\.(1\.(1|2|3|6|10)|2\.1|4\.4)$|^5\.(1\.(1|2|3|6|10)|2\.1|4\.4)$/;

export function addressVerdict(errorCode: string): AddressVerdict | null {
  return twilioVerdicts[errorCode] ?? (hardBounce.test(errorCode) ? 'hard-bounce' : null);
}
