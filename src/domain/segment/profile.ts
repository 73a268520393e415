/** A contact as `matches` sees it, and what every rule is judged against: the clock and the workspace's zone. */
import type { Channel } from '../ids.js';
import type { FieldName } from './fields.js';

export type Context = {
  now: Date;
  /** IANA zone of the workspace: the day of contacts whose own zone is unknown. */
  timeZone: string;
};

export type FieldValue = string | number | boolean | Date | readonly string[] | null;

export type Profile = {
  /** Days are `YYYY-MM-DD`, amounts numbers; what is absent is unknown. */
  fields: Readonly<Partial<Record<FieldName, FieldValue>>>;
  /** Custom attributes by id, as they are stored: days and instants as text. */
  attributes: Readonly<Record<string, unknown>>;
  reach: readonly ProfileReach[];
  /** In the order they were written. */
  consents: readonly ProfileConsent[];
  listIds: ReadonlySet<string>;
  tagIds: ReadonlySet<string>;
  events: readonly { name: string; at: Date }[];
  /** Null: no order that counts. */
  lastOrderAt: Date | null;
};

export type ProfileConsent = {
  channel: Channel;
  topic: string;
  state: 'granted' | 'withdrawn';
  source: string;
  occurredAt: Date;
  expiresAt: Date | null;
};

export type ProfileReach = {
  channel: Channel;
  /** E.164 or an email address. */
  address: string;
  isPrimary: boolean;
  state: 'ok' | 'invalid' | 'bounced';
  isSuppressed: boolean;
  topics: readonly string[];
  country: string | null;
  areaCode: string | null;
  lineType: string | null;
};

export function primaryReach(profile: Profile, channel: Channel): ProfileReach | undefined {
  return profile.reach.find(reach => reach.channel === channel && reach.isPrimary);
}

/** The contact's own zone; null, when it is not known. */
export function zoneOf({ fields }: Profile): string | null {
  return (fields.timeZone ?? null) as string | null;
}
