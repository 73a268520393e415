// Contacts by the million, written straight into the tables: what an import would leave of people who agreed to one topic on both channels.
import type { Client } from 'pg';
import type { WorkspaceView } from '../../src/contract/accounts.js';
import type { Bench } from './bench.js';
import type { Product } from './product.js';

export const topic = 'marketing';

const statements = [
  `insert into contact (workspace_id, first_name, last_name, gender, birth_date, locale, country, region, city, occupation)
   select $1, 'First' || n % 1000, 'Last' || n % 5000, case when n % 2 = 0 then 'female' else 'male' end, date '1944-01-01' + n % 23000,
     'en-US', 'US', (array['NY', 'CA', 'TX', 'IL', 'FL'])[1 + n % 5], 'City ' || n % 100, 'Job ' || n % 50
   from generate_series(1, $2::int) n`,
  `insert into reach (workspace_id, contact_id, channel, address, address_hash, is_primary, topics, country, area_code, line_type)
   select $1, id, 'sms', '+1212' || 2000000 + row_number() over (order by id), decode(md5('sms' || id), 'hex'), true, array[$2], 'US', '212', 'mobile'
   from contact where workspace_id = $1`,
  `insert into reach (workspace_id, contact_id, channel, address, address_hash, is_primary, topics, domain)
   select $1, id, 'email', 'p' || id || '@example.com', decode(md5('email' || id), 'hex'), true, array[$2], 'example.com'
   from contact where workspace_id = $1`,
] as const;

/** Returns the workspace's id. */
export async function insertAudience(bench: Bench, { api }: Product, client: Client): Promise<string> {
  bench.say(`inserting ${bench.size} contacts`);
  const { id } = await api.get<WorkspaceView>('/v1/workspace');
  const [contacts, phones, mails] = statements;
  await client.query(contacts, [id, bench.size]);
  await client.query(phones, [id, topic]);
  await client.query(mails, [id, topic]);
  await client.query('vacuum analyze contact, reach');
  return id;
}
