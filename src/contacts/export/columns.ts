/**
 * What a column of an export may be: its header (which an import reads by itself), what it selects of contact `c`, and how that
 * becomes a cell. Custom attributes come with the contact's jsonb, so that any number of them costs one column of the statement.
 */
import { type Attribute, type AttributeType, attributeTypes, money } from '../../domain/attribute/types.js';
import { topic as topicName } from '../../domain/scalars.js';
import { channels, type Channel } from '../../domain/ids.js';
import { csvList, csvNumber } from '../../domain/csv.js';
import { identifier, literal, type Sql, sql } from '../../domain/sql.js';
import { invalid } from '../../platform/errors.js';
import { contactColumns, contactFieldNames } from '../columns.js';
import { externalId, primaryAddress } from '../contact-view.sql.js';

export type ExportColumn = { header: string; source: Sql } | { header: string; attribute: string };

/** Standing columns by name; those of a default export first, in its order. */
const identityColumns: [string, Sql][] = [
  ['externalId', externalId],
  ['anonymousId', anonymousId()],
  ['email', primaryAddress('email')],
  ['email2', otherAddress('email')],
  ['phone', primaryAddress('sms')],
  ['phone2', otherAddress('sms')],
];
const fieldColumns = contactFieldNames.map((field): [string, Sql] => [field, sql`c.${identifier(contactColumns[field])}`]);
const groupColumns: [string, Sql][] = [
  ['tags', groupNames('tag', 'contact_tag', 'tag_id')],
  ['lists', groupNames('list', 'list_member', 'list_id')],
];
const ownColumns: [string, Sql][] = [
  ['musterId', sql`c.id`],
  ['createdAt', sql`c.created_at`],
  ['updatedAt', sql`c.updated_at`],
];

const usual = [...identityColumns, ...fieldColumns, ...groupColumns].map(([header, source]) => ({ header, source }));
const standing = new Map([...identityColumns, ...fieldColumns, ...groupColumns, ...ownColumns]);

/** Throws with the place of the first name that is no column, or is there twice. */
export function chosenColumns(names: readonly string[]): ExportColumn[] {
  return names.map((name, i) => {
    const column = columnOf(name);
    if (!column) throw invalid(`/columns/${i}`, `There is no column "${name}"`);
    if (names.indexOf(name) !== i) throw invalid(`/columns/${i}`, `The column "${name}" is named twice`);
    return column;
  });
}

/** Identities, standard attributes, tags, lists, then the custom attributes that occur, each with the type an import needs. */
export function usualColumns(attributes: readonly Attribute[]): ExportColumn[] {
  return [...usual, ...attributes.map(({ key, type }) => ({ header: `attributes.${key}${suffixes[type]}`, attribute: key }))];
}

/** The cell of a value as it comes from the driver, or from jsonb. */
export function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return csvNumber(value);
  if (Array.isArray(value)) return csvList(value.map(String));
  if (value instanceof Date) return value.toISOString();
  const amount = money.safeParse(value);
  if (amount.success) return `${csvNumber(amount.data.amount)} ${amount.data.currency}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function columnOf(name: string): ExportColumn | null {
  const source = standing.get(name);
  if (source) return { header: name, source };
  const attribute = /^attributes\.([a-z][a-zA-Z0-9_]{0,63})(?::([a-z]+))?$/.exec(name);
  if (attribute && isSuffix(attribute[2])) return { header: name, attribute: attribute[1] ?? '' };
  const [, asked, topic] = /^consent\.([a-z]+)\.(.+)$/.exec(name) ?? [];
  const channel = channels.find(known => known === asked);
  return channel && topicName.safeParse(topic).success ? { header: name, source: latestConsent(channel, topic ?? '') } : null;
}

/** What an import needs to read the column alike, also in a workspace that does not have the attribute or its options. */
const suffixes: Readonly<Record<AttributeType, string>> = {
  text: '',
  number: ':number',
  boolean: ':boolean',
  date: ':date',
  time: ':time',
  money: ':money',
  place: ':place',
  texts: ':list',
  choice: '',
  choices: ':list',
};

function isSuffix(name: string | undefined): boolean {
  return name === undefined || name === 'list' || (attributeTypes as readonly string[]).includes(name);
}

function anonymousId(): Sql {
  return sql`(select i.value from identity i where i.workspace_id = c.workspace_id and i.contact_id = c.id
    and i.kind = 'anonymous_id' order by i.created_at, i.value limit 1)`;
}

/** The first address of a channel beside the primary one. */
function otherAddress(channel: Channel): Sql {
  return sql`(select r.address from reach r where r.workspace_id = c.workspace_id and r.contact_id = c.id
    and r.channel = ${literal(channel)} and not r.is_primary order by r.created_at, r.address limit 1)`;
}

function groupNames(table: string, members: string, key: string): Sql {
  return sql`array(select g.name from ${identifier(members)} m
    join ${identifier(table)} g on g.workspace_id = m.workspace_id and g.id = m.${identifier(key)}
    where m.workspace_id = c.workspace_id and m.contact_id = c.id order by g.name collate "C")`;
}

function latestConsent(channel: Channel, topic: string): Sql {
  return sql`(select s.state from consent s where s.workspace_id = c.workspace_id and s.contact_id = c.id
    and s.channel = ${channel} and s.topic = ${topic} order by s.occurred_at desc, s.id desc limit 1)`;
}
