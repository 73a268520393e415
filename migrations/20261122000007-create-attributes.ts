// The registry of custom attributes. Values move from the workspace's keys to immutable ids, each of its registered type: a key
// whose values are of several types becomes text. Standard attributes that are sensitive are off until a row turns them on.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAttributes20261122000007 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table attribute (
        workspace_id bigint not null references workspace (id),
        id bigint not null generated always as identity,
        key text not null,
        label text not null,
        description text,
        type text not null check (type in
          ('text', 'number', 'boolean', 'date', 'time', 'money', 'place', 'texts', 'choice', 'choices')),
        options jsonb not null default '[]',
        sensitivity text not null default 'normal' check (sensitivity in ('normal', 'personal', 'sensitive')),
        legal_basis text,
        created_at timestamptz not null default now(),
        archived_at timestamptz,
        primary key (workspace_id, id),
        constraint attribute_key_key unique (workspace_id, key)
      );

      create table sensitive_field (
        workspace_id bigint not null references workspace (id),
        field text not null check (field in ('religion', 'politicalAffiliation')),
        legal_basis text not null,
        created_at timestamptz not null default now(),
        primary key (workspace_id, field)
      );

      insert into attribute (workspace_id, key, label, type)
      select workspace_id, key, key, case when count(distinct type) = 1 then min(type) else 'text' end
      from (
        select c.workspace_id, e.key, case jsonb_typeof(e.value)
          when 'number' then 'number' when 'boolean' then 'boolean' when 'array' then 'texts' else 'text' end as type
        from contact c, jsonb_each(c.attributes) e
        where c.attributes <> '{}' and jsonb_typeof(e.value) <> 'null'
      ) found
      group by workspace_id, key
      order by workspace_id, key;

      create function pg_temp.attribute_value(type text, value jsonb) returns jsonb immutable language sql as $$
        select case when type <> 'text' or jsonb_typeof(value) = 'string' then value
          when jsonb_typeof(value) = 'array'
            then to_jsonb(left((select string_agg(item, ', ') from jsonb_array_elements_text(value) item), 2000))
          else to_jsonb(value #>> '{}') end
      $$;

      update contact c set attributes = (
        select coalesce(jsonb_object_agg(a.id::text, pg_temp.attribute_value(a.type, e.value)), '{}')
        from jsonb_each(c.attributes) e
          join attribute a on a.workspace_id = c.workspace_id and a.key = e.key
        where jsonb_typeof(pg_temp.attribute_value(a.type, e.value)) <> 'null')
      where c.attributes <> '{}';
    `);
    await convertStaging(db);
  }

  async down(): Promise<void> {
    throw new Error('migrations are forward only');
  }
}

/** Uploads that wait for their merge hold values by key, too. Their keys may be new: they are registered by their values. */
async function convertStaging(db: QueryRunner): Promise<void> {
  const waiting = (await db.query(`
    select i.id, i.workspace_id from import i join information_schema.columns c on c.table_schema = 'staging'
      and c.table_name = 'import_' || i.id and c.column_name = 'attributes'
    where i.kind = 'contacts' and i.state = 'merging'`)) as { id: string; workspace_id: string }[];
  for (const { id, workspace_id } of waiting) {
    const staged = `staging.import_${BigInt(id)}`;
    const workspace = BigInt(workspace_id);
    await db.query(`
      insert into attribute (workspace_id, key, label, type)
      select ${workspace}, key, key, case when count(distinct type) = 1 then min(type) else 'text' end
      from (
        select e.key, case jsonb_typeof(e.value)
          when 'number' then 'number' when 'boolean' then 'boolean' when 'array' then 'texts' else 'text' end as type
        from ${staged} s, jsonb_each(s.attributes) e where jsonb_typeof(e.value) <> 'null'
      ) found
      group by key order by key
      on conflict (workspace_id, key) do nothing;

      update ${staged} s set attributes = (
        select jsonb_object_agg(a.id::text, pg_temp.attribute_value(a.type, e.value))
        from jsonb_each(s.attributes) e join attribute a on a.workspace_id = ${workspace} and a.key = e.key
        where a.type = 'text' or jsonb_typeof(e.value) in ('null', case a.type when 'texts' then 'array' else a.type end))
      where s.attributes is not null;
    `);
  }
}
