/**
 * One email address as people type it → the form we store, compare and send to: trimmed, lower case, domain in
 * punycode. Only plain `local@domain` with a dotted domain is taken: no display names, quoted parts, IP literals or
 * non-ASCII local parts, and never a control character, so that an address can go into a header as it is.
 */
export type ParsedEmail = {
  /** Lower case throughout: no provider of note tells `Ann@` from `ann@`, and identity must not either. */
  address: string;
  /** ASCII (punycode), for pacing and statistics by receiver. */
  domain: string;
};

export type EmailProblem = 'empty' | 'control-character' | 'display-name' | 'no-at' | 'local-part' | 'domain' | 'too-long';

export function parseEmail(input: string): ParsedEmail | { invalid: EmailProblem } {
  if (input.length > maxInputLength) return { invalid: 'too-long' };
  const text = input.replace(invisibleEnds, '');
  if (text === '') return { invalid: 'empty' };
  if (/\p{Cc}/u.test(text)) return { invalid: 'control-character' };
  if (/[<>"(),;:]/.test(text)) return { invalid: 'display-name' };
  const at = text.lastIndexOf('@');
  if (at < 0) return { invalid: 'no-at' };
  const local = text.slice(0, at);
  if (!isLocalPart(local)) return { invalid: 'local-part' };
  const domain = asciiDomain(text.slice(at + 1));
  if (domain === null) return { invalid: 'domain' };
  const address = `${local.toLowerCase()}@${domain}`;
  return address.length > maxAddressLength ? { invalid: 'too-long' } : { address, domain };
}

/** RFC 5321: a path of 256 octets less its angle brackets. */
const maxAddressLength = 254;
/** Room for a domain that shrinks on the way to punycode and for spaces around; more is not an address. */
const maxInputLength = 1024;
const maxLocalLength = 64;

/** White space, and the zero-width and direction marks that come along with a paste. */
const invisibleEnds = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/** RFC 5322 dot-atom: no dot at either end, no two in a row. */
const dotAtom = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

function isLocalPart(local: string): boolean {
  return local.length <= maxLocalLength && dotAtom.test(local);
}

/** Letters, digits and hyphens, labels of 1 to 63, at least two of them, the last not a number. */
const hostName = /^(?=.{4,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?=[a-z\d-]*[a-z])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])$/;

function asciiDomain(domain: string): string | null {
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain.toLowerCase() : punycode(domain);
  return ascii !== null && hostName.test(ascii) ? ascii : null;
}

/** The URL parser is the IDNA (UTS 46) that both Node and browsers carry. Signs with a meaning in URLs are kept out. */
function punycode(domain: string): string | null {
  if (/[\s!-,/:?#@[\]\\%^|<>`{}]/.test(domain.normalize('NFKC'))) return null;
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}
