/** Settings and secrets of a gateway row: merged and checked on a change, sealed at rest, opened only to connect. */
import type { z } from 'zod';
import { smtpSecrets, smtpSettings, twilioSecrets, twilioSettings, type UpdateGateway } from '../contract/gateways.js';
import { conflict, invalid } from '../platform/errors.js';
import { parseAs } from '../platform/http/validation.js';
import type { Signing } from '../platform/signing.js';
import type { GatewayRow } from './gateways.sql.js';

export type Secrets = Record<string, string>;

const schemas = {
  twilio: { settings: twilioSettings, secrets: twilioSecrets },
  smtp: { settings: smtpSettings, secrets: smtpSecrets },
} as const;

export const channelOf = { twilio: 'sms', smtp: 'email' } as const;

/** The row's settings with the patch over them, whole and checked; its secrets, or new ones sealed. */
export function mergeSettings(signing: Signing, row: GatewayRow, patch: UpdateGateway): Pick<GatewayRow, 'settings' | 'secrets'> {
  if (row.kind === 'sandbox') {
    if (patch.settings || patch.secrets) throw conflict('The sandbox has no settings of its own');
    return row;
  }
  const schema = schemas[row.kind];
  const settings: Record<string, unknown> = parseAs(schema.settings, overlay(row.settings, patch.settings ?? {}), '/settings');
  const secrets = patch.secrets ? parseAs(schema.secrets as z.ZodType<Secrets>, patch.secrets, '/secrets') : null;
  if (!secrets && row.secrets && isElsewhere(row.settings, settings))
    throw invalid('/secrets', 'Another server or account needs its secret again: a stored one is never shown to a new place');
  if (row.kind === 'smtp') checkLogin(settings['user'], secrets ?? row.secrets);
  return { settings, secrets: secrets ? sealSecrets(signing, secrets) : row.secrets };
}

export function checkLogin(user: unknown, secrets: unknown): void {
  if (user !== undefined && !secrets) throw invalid('/secrets', 'A user needs a password');
}

export function sealSecrets(signing: Signing, secrets: Secrets): Buffer {
  return signing.encrypt(JSON.stringify(secrets));
}

/** Empty when they were sealed under another SECRET_KEY. */
export function openSecrets(signing: Signing, sealed: Buffer): Secrets {
  try {
    return JSON.parse(signing.decrypt(sealed)) as Secrets;
  } catch {
    return {};
  }
}

/** Field by field; null takes a field away. */
function overlay(old: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...old, ...patch }).filter(([, value]) => value !== null));
}

/** Settings that decide who gets to see the secret. */
const places = ['host', 'port', 'user', 'security', 'baseUrl', 'accountSid'];

function isElsewhere(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  return places.some(name => before[name] !== after[name]);
}
