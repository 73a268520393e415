/** An address as a caller spells it → the form it is stored and hashed in. */
import { parseEmail } from '../domain/email/address.js';
import type { Channel } from '../domain/ids.js';
import { parsePhone } from '../domain/phone/e164.js';
import { invalid } from '../platform/errors.js';

/** Throws `invalid` naming `pointer` when it is no address of the channel. */
export function canonicalAddress(channel: Channel, text: string, defaultCountry: string, pointer: string): string {
  if (channel === 'email') {
    const email = parseEmail(text);
    if ('invalid' in email) throw invalid(pointer, `Not an email address: ${email.invalid}`);
    return email.address;
  }
  const phone = parsePhone(text, defaultCountry);
  if ('invalid' in phone) throw invalid(pointer, `Not a phone number (read as one of ${defaultCountry}): ${phone.invalid}`);
  return phone.e164;
}
