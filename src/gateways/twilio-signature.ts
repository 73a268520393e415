/**
 * Twilio's request signature, both ways. Twilio signs the URL as it was configured, so a proxy or a port in between may change what we
 * see: we check against the origins we know to be ours, never against the Host header.
 */
import twilio from 'twilio';

export type FormParams = Record<string, string | string[]>;

export const signatureHeader = 'x-twilio-signature';

export function signForm(authToken: string, url: string, params: FormParams): string {
  return twilio.getExpectedTwilioSignature(authToken, url, params);
}

/** `origins` without a trailing slash; `path` with its query. Each is tried with and without its port (the library does). */
export function isSigned(
  authToken: string,
  signature: string,
  origins: readonly string[],
  path: string,
  params: FormParams,
): boolean {
  return origins.some(origin => twilio.validateRequest(authToken, signature, origin + path, params));
}
