/** Statements over table retention: settings of a workspace and runs of the job that enforces them. */
import { type RetentionSubject, retentionRules, retentionSubjects } from '../contract/retention.js';
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

export function selectOwn(workspaceId: WorkspaceId): Sql {
  return sql`select subject, days from retention where workspace_id = ${workspaceId} and is_own`;
}

/** A new say is heeded at the next sweep. */
export function upsertOwn(workspaceId: WorkspaceId, subject: RetentionSubject, days: number | null): Sql {
  return sql`insert into retention (workspace_id, subject, is_own, days) values (${workspaceId}, ${subject}, true, ${days})
    on conflict (workspace_id, subject) do update set is_own = true, days = excluded.days, next_run_at = null`;
}

export type DueRetention = { workspaceId: WorkspaceId; subject: RetentionSubject; days: number };

/** What is not kept for ever and was not gone through today; what was worked on longest ago comes first. */
export function selectDue(now: Date): Sql {
  const defaults = retentionSubjects.map(subject => retentionRules[subject].days);
  return sql`select w.id as "workspaceId", s.subject, case when r.is_own then r.days else s.days end as days
    from workspace w cross join unnest(${retentionSubjects}::text[], ${defaults}::integer[]) as s (subject, days)
    left join retention r on r.workspace_id = w.id and r.subject = s.subject
    where case when r.is_own then r.days else s.days end is not null and coalesce(r.next_run_at <= ${now}, true)
    order by r.next_run_at nulls first, w.id, s.subject`;
}

/** Keeps the setting as it is until commit, made when there is none: whoever changes it waits, and no batch goes by an old one. */
export function lockSetting({ workspaceId, subject }: DueRetention): Sql {
  return sql`insert into retention as r (workspace_id, subject) values (${workspaceId}, ${subject})
    on conflict (workspace_id, subject) do update set forgotten = r.forgotten returning r.is_own as "isOwn", r.days`;
}

/** Adds to the run. Returns what the run has forgotten so far. */
export function noteRun({ workspaceId, subject }: DueRetention, forgotten: number, nextRunAt: Date): Sql {
  return sql`update retention set next_run_at = ${nextRunAt}, forgotten = forgotten + ${forgotten}
    where workspace_id = ${workspaceId} and subject = ${subject} returning forgotten::float8 as forgotten`;
}

export function resetRun({ workspaceId, subject }: DueRetention): Sql {
  return sql`update retention set forgotten = 0 where workspace_id = ${workspaceId} and subject = ${subject}`;
}
