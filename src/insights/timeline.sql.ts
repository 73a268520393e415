/** A page of a timeline: the newest rows of every kind after the cursor, merged. No kind is read further than a page, so that long histories cost the same. */
import type { TimelineKind } from '../contract/timeline.js';
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { joinSql, type Sql, sql } from '../domain/sql.js';
import { timelineSource } from './timeline-sources.js';

/** Of the last entry shown. `at` in microseconds, as text: a JavaScript date would lose three digits. */
export type TimelineKey = { at: string; kind: string; id: string };
export type TimelineRow = {
  kind: TimelineKind;
  at: Date;
  key: string;
  id: string;
  name: string;
  details: Record<string, unknown>;
};

export function selectTimeline(
  workspaceId: WorkspaceId,
  contactId: ContactId,
  kinds: readonly TimelineKind[],
  after: TimelineKey | null,
  limit: number,
): Sql {
  const parts = kinds.map(kind => sql`(${entriesOf(kind, workspaceId, contactId, after, limit)})`);
  return sql`select kind, at, id, name, details, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
    from (${joinSql(parts, ' union all ')}) entries order by at desc, kind, id collate "C" desc limit ${limit}`;
}

function entriesOf(
  kind: TimelineKind,
  workspaceId: WorkspaceId,
  contactId: ContactId,
  after: TimelineKey | null,
  limit: number,
): Sql {
  const { at, id, name, details, from } = timelineSource(kind, workspaceId, contactId);
  return sql`select ${kind}::text as kind, ${at} as at, ${id} as id, ${name} as name, ${details} as details
    from ${from} ${after ? sql`and ${isAfter(kind, at, id, after)}` : sql``}
    order by ${at} desc, (${id}) collate "C" desc limit ${limit}`;
}

/** In the order of the page: newest first, at one instant by kind, within a kind by id downwards. */
function isAfter(kind: TimelineKind, at: Sql, id: Sql, after: TimelineKey): Sql {
  const before = sql`${at} < ${after.at}::timestamptz`;
  if (kind < after.kind) return before;
  if (kind > after.kind) return sql`${at} <= ${after.at}::timestamptz`;
  return sql`${at} <= ${after.at}::timestamptz and (${before} or (${id}) collate "C" < ${after.id})`;
}
