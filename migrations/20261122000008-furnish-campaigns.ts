// Campaigns with variants and wall-clock launches, recipients by state, and people's answers counted.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FurnishCampaigns20261122000008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table campaign add variants jsonb not null default '[]', add launch_local text, add launch_time_zone text;
      alter table dispatch add variants jsonb not null default '[]';

      -- Recipients by state and refusal, and the failed ones of a slot. Partial: a row enters it when it settles, so that freeze, claim
      -- and wave pay nothing; the due, held and unknown indexes serve the other states.
      create index message_settled_idx on message (workspace_id, dispatch_id, state, coalesce(refusal, ''), slot, contact_id)
        where state in ('sent', 'delivered', 'undelivered', 'bounced', 'failed', 'refused', 'canceled', 'expired');

      -- How many people of a dispatch answered, and how; each person once a kind. The rows are in message_event.
      create table response_tally (
        workspace_id bigint not null,
        dispatch_id bigint not null,
        slot smallint not null,
        variant text not null default '',
        kind text not null,
        people bigint not null,
        primary key (workspace_id, dispatch_id, slot, variant, kind)
      ) with (fillfactor = 50);
      insert into response_tally (workspace_id, dispatch_id, slot, variant, kind, people)
      select e.workspace_id, e.dispatch_id, m.slot, coalesce(m.variant, ''), e.kind, count(distinct e.contact_id)
      from message_event e
      join message m on m.workspace_id = e.workspace_id and m.contact_id = e.contact_id and m.dispatch_id = e.dispatch_id
        and m.channel = e.channel and m.step = e.step
      where e.kind in ('opened', 'clicked', 'replied', 'unsubscribed', 'complained', 'converted') and not e.is_machine
      group by 1, 2, 3, 4, 5;
    `);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}
