/** The people of one batch: who each row is, then contacts, identities, consents and addresses, in the transaction of the batch. */
import type { ImportOptions } from '../../contract/imports.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { sql } from '../../domain/sql.js';
import { isDuplicate, type Tx } from '../../platform/database/database.js';
import { refreshReach } from '../reach.js';
import { Overtaken } from '../write-people.js';
import { type ConsentSpec, insertConsents } from './merge-consents.sql.js';
import {
  addAddresses,
  type Claims,
  type Columns,
  dropPrimaryPreferred,
  findPreferred,
  insertAddresses,
  insertContacts,
  insertIdentities,
  updateContacts,
} from './merge-people.sql.js';
import {
  analyzeMergeRows,
  type Batch,
  countPeople,
  createMergeTables,
  dropRows,
  lockContacts,
  markRepeated,
  sortRows,
  takeAsNew,
} from './merge-rows.sql.js';
import type { ResolveMode } from './resolve-people.js';
import { untangle } from './untangle.js';

export type PeopleOrder = {
  workspaceId: WorkspaceId;
  actor: string;
  mode: ResolveMode;
  columns: Columns;
  emptyMeans: ImportOptions['emptyMeans'];
  consents: readonly ConsentSpec[];
  importedAt: Date;
  now: Date;
  /** Whether to merge all rows as people that nobody knows: spares sorting them, or throws NotAllNew. */
  isBet?: boolean;
  /** Called when every row is somebody and all identities are written. */
  onNamed?: () => void;
};

export type MergedPeople = {
  created: number;
  /** Known people whose fields changed. */
  updated: number;
  /** Rows of people that `skip` leaves alone. */
  skipped: number;
  /** Numbers of rows that name nobody, in mode `find`. */
  unknown: string[];
};

/** A row of a bet names somebody we know, or somebody another row names too. */
export class NotAllNew extends Error {
  override readonly name = 'NotAllNew';
}

type NamedRows = Omit<MergedPeople, 'updated'> & { known: number };

/** Leaves merge_row behind: every row that is left is one of a person that exists now. */
export async function mergePeople(tx: Tx, batch: Batch, order: PeopleOrder): Promise<MergedPeople> {
  const { workspaceId, columns, emptyMeans, now } = order;
  for (const table of createMergeTables) await tx.run(table);
  const { created, known, skipped, unknown } = order.isBet
    ? await nameAsNew(tx, batch, workspaceId)
    : await nameRows(tx, batch, order);
  order.onNamed?.();
  if (created > 0) await tx.run(insertContacts(workspaceId, batch, columns, emptyMeans, now));
  if (order.consents.length > 0)
    await tx.run(insertConsents(workspaceId, batch, order.consents, order.actor, order.importedAt, now));
  if (created > 0) await tx.run(insertAddresses(workspaceId, batch, order.consents, now));
  const updated = known > 0 && order.mode === 'upsert' ? await mergeKnown(tx, batch, order) : 0;
  return { created, updated, skipped, unknown };
}

/** The primary key of identity says whether every row is somebody new. */
async function nameAsNew(tx: Tx, batch: Batch, workspaceId: WorkspaceId): Promise<NamedRows> {
  const rows = await tx.run(takeAsNew(batch));
  if (rows < batch.to - batch.from) throw new NotAllNew('Some rows have further addresses');
  await tx.run(analyzeMergeRows);
  try {
    await tx.run(insertIdentities(workspaceId, batch, { kinds: [], values: [], contactIds: [] }));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new NotAllNew('Some identities are taken', { cause: error });
  }
  return { created: rows, known: 0, skipped: 0, unknown: [] };
}

async function nameRows(tx: Tx, batch: Batch, { workspaceId, mode }: PeopleOrder): Promise<NamedRows> {
  await tx.run(sortRows(workspaceId, batch));
  const claims = await untangle(tx, workspaceId, batch, mode);
  const skipped = mode === 'skip' ? await dropped(tx, sql`sort = 'known' or contact_id is null`) : [];
  const unknown = mode === 'find' ? await dropped(tx, sql`is_new or contact_id is null`) : [];
  await tx.run(markRepeated);
  await tx.run(analyzeMergeRows);
  const { created = 0, known = 0 } = (await tx.row<{ created: number; known: number }>(countPeople)) ?? {};
  if (known > 0) await holdKnown(tx, workspaceId);
  if (mode !== 'find') await claimIdentities(tx, workspaceId, batch, claims);
  return { created, known, skipped: skipped.length, unknown };
}

/** Somebody who was erased since we looked must not be written to: the batch runs again, and the row is a new person. */
async function holdKnown(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  const held = await tx.row<{ there: number; known: number }>(lockContacts(workspaceId));
  if (!held || held.there < held.known) throw new Overtaken();
}

async function dropped(tx: Tx, where: ReturnType<typeof sql>): Promise<string[]> {
  return (await tx.rows<{ n: string }>(dropRows(where))).map(({ n }) => n);
}

/** An identity that another transaction took since we looked makes the whole batch run again, with that owner known. */
async function claimIdentities(tx: Tx, workspaceId: WorkspaceId, batch: Batch, claims: Claims): Promise<void> {
  try {
    await tx.run(insertIdentities(workspaceId, batch, claims));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Overtaken('An identity was taken meanwhile', { cause: error });
  }
}

/** People who were there before: their fields, new addresses, primaries, topics. The number whose fields changed. */
async function mergeKnown(tx: Tx, batch: Batch, { workspaceId, columns, emptyMeans, now }: PeopleOrder): Promise<number> {
  const hasColumns = columns.plain.length > 0 || columns.hasAttributes;
  const updated = hasColumns ? await tx.run(updateContacts(workspaceId, batch, columns, emptyMeans, now)) : 0;
  await tx.run(addAddresses(workspaceId, batch));
  await tx.run(findPreferred(batch));
  await tx.run(dropPrimaryPreferred(workspaceId));
  const people = sql`select contact_id from merge_touched union select contact_id from merge_preferred`;
  if (await tx.row(sql`${people} limit 1`))
    await refreshReach(tx, workspaceId, people, now, sql`select contact_id, channel, address from merge_preferred`);
  return updated;
}
