/** Campaigns over HTTP, through the real ledger, delivery and sandbox: launch once, pause, resume, cancel, report. */
import { type Sql, sql } from '../../src/domain/sql.js';
import { RunsService } from '../../src/campaigns/runs.service.js';
import { SystemClock } from '../../src/platform/clock.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

let app: TestApp;
/** Runs, so that a pace frees, and can be moved ahead. */
class ShiftedClock extends SystemClock {
  private shiftMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.shiftMs);
  }

  advance(ms: number): void {
    this.shiftMs += ms;
  }
}

const clock = new ShiftedClock();
beforeAll(async () => {
  app = await startTestApp({ clock });
});
afterAll(() => app.stop());

let counter = 0;
const unused = (word: string) => `${word} ${++counter}`;
const api = (method: string, path: string, body?: unknown): Promise<Answer> => app.api(method, `/v1${path}`, body);
const verb = (id: string, name: string, body: unknown = {}) => api('POST', `/campaigns/${id}/${name}`, body);
const stateOf = async (id: string): Promise<string> => (await api('GET', `/campaigns/${id}`)).body.state;
const reach = (id: string, state: string) => eventually(async () => (await stateOf(id)) === state);
const count = async (statement: Sql): Promise<number> => Number((await app.db.row<{ n: string }>(statement))?.n);

const consent = (channel: string) => [{ channel, topic: 'news', state: 'granted', source: 'test' }];

/** A city of people with a phone each; the first `consenting` of them have allowed SMS. */
async function makeCity(people: number, consenting = people): Promise<{ city: string; segmentId: string }> {
  const city = unused('City');
  const contacts = Array.from({ length: people }, (_, i) => ({
    firstName: `P${i}`,
    city,
    phone: `+1212555${String(++counter).padStart(4, '0')}`,
    ...(i < consenting ? { consent: consent('sms') } : {}),
  }));
  const made = await api('POST', '/contacts/bulk', { contacts });
  expect(made.status).toBe(200);
  const segment = await makeSegment({ kind: 'place', city: [city] });
  return { city, segmentId: segment };
}

async function makeSegment(rule: object): Promise<string> {
  const { status, body } = await api('POST', '/segments', { name: unused('Segment'), rule: { version: 1, rule } });
  expect([status, body]).toEqual([201, body]);
  return body.id;
}

const makeTemplate = async (body = 'Hi {{firstName}} from {{campaignName}}'): Promise<string> =>
  (await api('POST', '/templates', { name: unused('Template'), channel: 'sms', body })).body.id;

async function draft(change: object = {}): Promise<object> {
  return {
    name: unused('Campaign'),
    channel: 'sms',
    class: 'marketing',
    topic: 'news',
    sender: { from: '+15550100' },
    templateId: await makeTemplate(),
    includeSegmentIds: ['1'],
    ...change,
  };
}

async function makeCampaign(change: object = {}): Promise<string> {
  const { status, body } = await api('POST', '/campaigns', await draft(change));
  expect([status, body]).toEqual([201, body]);
  return body.id;
}

describe('a campaign', () => {
  test('plans, launches and reports everybody who matched', async () => {
    const { segmentId } = await makeCity(5, 3);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    const plan = await verb(id, 'plan');
    expect(plan).toMatchObject({ status: 200, body: { matched: 5, refused: { 'no-consent': 2 }, toSend: 3 } });
    expect(await count(sql`select count(*) as n from dispatch where source_id = ${id}`)).toBe(0);
    expect(await verb(id, 'launch')).toMatchObject({ status: 200, body: { state: 'launching' } });
    await reach(id, 'done');
    const { body } = await api('GET', `/campaigns/${id}/report`);
    expect(body).toMatchObject({ campaignId: id, state: 'done' });
    expect(body.dispatches).toHaveLength(1);
    expect(body.dispatches[0]).toMatchObject({
      state: 'done',
      matched: 5,
      refused: { 'no-consent': 2 },
      planned: 0,
      inFlight: 0,
      sent: 3,
      failed: 0,
      unknown: 0,
    });
    const sent = await app.db.rows<{ body: string; sender: string }>(
      sql`select body, sender from sandbox_message order by recipient`,
    );
    expect(sent.map(row => row.body.slice(0, 5))).toEqual(['Hi P0', 'Hi P1', 'Hi P2']);
    expect(sent[0]?.sender).toBe('+15550100');
  });

  test('takes each person once, includes minus excludes', async () => {
    const [a, b] = [await makeCity(4), await makeCity(3)];
    const everyone = await makeSegment({ kind: 'place', city: [a.city, b.city] });
    const id = await makeCampaign({ includeSegmentIds: [everyone, a.segmentId], excludeSegmentIds: [b.segmentId] });
    expect((await verb(id, 'plan')).body).toEqual({ matched: 4, refused: {}, toSend: 4, variants: [] });
  });

  test('is launched once, however often and fast the button is pressed', async () => {
    const { segmentId } = await makeCity(3);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    const answers = await Promise.all(Array.from({ length: 6 }, () => verb(id, 'launch')));
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(answers.find(answer => answer.status === 409)?.body.detail).toMatch(/Campaign \d+ is (launching|sending|done)/);
    await reach(id, 'done');
    expect(await verb(id, 'launch')).toMatchObject({
      status: 409,
      body: { detail: `Campaign ${id} is done; it cannot be launched from there` },
    });
    expect(await count(sql`select count(*) as n from dispatch where source_id = ${id}`)).toBe(1);
    expect(
      await count(sql`select count(*) as n from message where dispatch_id = (select id from dispatch where source_id = ${id})`),
    ).toBe(3);
  });

  test('is done at once when nobody matches', async () => {
    const segmentId = await makeSegment({ kind: 'place', city: ['Nowhere at all'] });
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    expect((await api('GET', `/campaigns/${id}/report`)).body.dispatches[0]).toMatchObject({
      matched: 0,
      sent: 0,
      state: 'done',
    });
  });

  test('keeps the template version it was launched with', async () => {
    const { segmentId } = await makeCity(1);
    const templateId = await makeTemplate('version one');
    const id = await makeCampaign({ includeSegmentIds: [segmentId], templateId });
    await api('PATCH', `/templates/${templateId}`, { body: 'version two' });
    await verb(id, 'launch');
    await api('PATCH', `/templates/${templateId}`, { body: 'version three' });
    await reach(id, 'done');
    expect(await count(sql`select template_version as n from dispatch where source_id = ${id}`)).toBe(2);
    expect(await count(sql`select count(*) as n from sandbox_message where body = 'version two'`)).toBe(1);
  });
});

describe('a schedule', () => {
  test('launches when its time has come, and not before', async () => {
    const { segmentId } = await makeCity(2);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    const at = new Date(clock.now().getTime() + 3_600_000).toISOString();
    expect(await verb(id, 'launch', { at })).toMatchObject({ status: 200, body: { state: 'scheduled', launchAt: at } });
    await app.sweep();
    expect(await stateOf(id)).toBe('scheduled');
    expect((await api('PATCH', `/campaigns/${id}`, { name: unused('Renamed') })).body).toMatchObject({
      state: 'scheduled',
      launchAt: at,
    });
    clock.advance(3_600_000);
    await reach(id, 'done');
    const { body } = await api('GET', '/audit?limit=50');
    expect(
      body.data.find(
        (entry: { action: string; target: string }) => entry.action === 'campaign.launched' && entry.target === `campaign:${id}`,
      )?.actor,
    ).toBe('sweep:campaign.launch');
  });

  test('can be taken back', async () => {
    const { segmentId } = await makeCity(1);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch', { at: new Date(clock.now().getTime() + 60_000).toISOString() });
    expect(await verb(id, 'unschedule')).toMatchObject({ status: 200, body: { state: 'draft', launchAt: null } });
    expect((await verb(id, 'unschedule')).status).toBe(409);
    clock.advance(120_000);
    await app.sweep();
    expect(await stateOf(id)).toBe('draft');
  });

  test('that cannot be kept goes back to its author with the reason', async () => {
    const { segmentId } = await makeCity(1);
    const templateId = await makeTemplate();
    const id = await makeCampaign({ includeSegmentIds: [segmentId], templateId });
    await verb(id, 'launch', { at: new Date(clock.now().getTime() + 60_000).toISOString() });
    await api('DELETE', `/templates/${templateId}`);
    clock.advance(120_000);
    await reach(id, 'draft');
    expect((await api('GET', `/campaigns/${id}`)).body.stateReason).toContain(`/templateId: There is no template ${templateId}`);
  });

  test('must be near, and before the end', async () => {
    const { segmentId } = await makeCity(1);
    const hour = 3_600_000;
    const inMs = (ms: number) => new Date(clock.now().getTime() + ms).toISOString();
    const id = await makeCampaign({ includeSegmentIds: [segmentId], endsAt: inMs(hour) });
    for (const at of [inMs(-hour), inMs(hour), inMs(2 * hour), '2126-01-01T00:00:00Z', '2026-02-31T00:00:00Z', 'soon', 5])
      expect(await verb(id, 'launch', { at })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/at' }] } });
    expect(await stateOf(id)).toBe('draft');
  });
});

describe('a running campaign', () => {
  /** A gateway that lets five messages a second out keeps a campaign running for as long as a test looks at it. */
  async function launchSlowly(people: number): Promise<string> {
    const { segmentId } = await makeCity(people);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await app.db.run(sql`update gateway set units_per_second = 5, updated_at = clock_timestamp() where channel = 'sms'`);
    await verb(id, 'launch');
    await reach(id, 'sending');
    return id;
  }
  afterAll(async () => {
    await app.db.run(sql`update gateway set units_per_second = null, updated_at = clock_timestamp() where channel = 'sms'`);
  });

  test('pauses, is not edited, resumes, and is canceled for good', async () => {
    const id = await launchSlowly(40);
    expect(await verb(id, 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } });
    expect((await verb(id, 'pause')).status).toBe(409);
    expect(await count(sql`select count(*) as n from dispatch where source_id = ${id} and state = 'paused'`)).toBe(1);
    expect((await api('PATCH', `/campaigns/${id}`, { name: 'x' })).status).toBe(409);
    expect((await api('DELETE', `/campaigns/${id}`)).status).toBe(409);
    expect(await verb(id, 'resume')).toMatchObject({ status: 200, body: { state: 'sending' } });
    expect((await verb(id, 'resume')).status).toBe(409);
    expect(await verb(id, 'cancel')).toMatchObject({ status: 200, body: { state: 'canceled' } });
    expect((await verb(id, 'cancel')).status).toBe(409);
    expect((await verb(id, 'resume')).status).toBe(409);
    const report = await eventually(async () => {
      const { body } = await api('GET', `/campaigns/${id}/report`);
      return body.dispatches[0].inFlight === 0 && body.dispatches[0].planned === 0 ? body : null;
    });
    const { matched, sent, canceled, failed, unknown } = report.dispatches[0];
    expect(report).toMatchObject({ state: 'canceled', dispatches: [{ state: 'canceled', matched: 40 }] });
    expect(sent + canceled + failed + unknown).toBe(matched);
    expect(canceled).toBeGreaterThan(0);
  });

  test('can be archived when it is over, and its report stays', async () => {
    const id = await launchSlowly(40);
    expect((await verb(id, 'cancel')).status).toBe(200);
    expect((await api('DELETE', `/campaigns/${id}`)).status).toBe(204);
    expect((await api('GET', `/campaigns/${id}/report`)).body.state).toBe('canceled');
    expect((await verb(id, 'launch')).body.detail).toContain('archived');
    const listed = await api('GET', '/campaigns?state=canceled');
    expect(listed.body.data.map((row: { id: string }) => row.id)).not.toContain(id);
  });
});

describe('what a dying process leaves', () => {
  test('a launch whose job was lost is rung again', async () => {
    const { segmentId } = await makeCity(2);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    // As if the process had died between the launch and its job.
    await app.db.run(sql`with old as (select * from dispatch where source_id = ${id})
      insert into dispatch (workspace_id, name, source_kind, source_id, channel, class, topic, template_id, template_version, gateway_id, sender, resend_policy, audience)
      select workspace_id, name, source_kind, source_id, channel, class, topic, template_id, template_version, gateway_id, sender, resend_policy, audience from old`);
    await app.db.run(sql`update campaign set state = 'launching', updated_at = ${clock.now()} where id = ${id}`);
    await app.sweep();
    expect(await stateOf(id)).toBe('launching');
    clock.advance(10_000);
    await reach(id, 'done');
    expect(
      await count(sql`select count(*) as n from message where dispatch_id in (select id from dispatch where source_id = ${id})`),
    ).toBe(4);
  });

  test('a campaign whose dispatch ended or paused itself follows at the next sweep', async () => {
    const { segmentId } = await makeCity(1);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    await app.db.run(sql`update campaign set state = 'sending' where id = ${id}`);
    await reach(id, 'done');
    await app.db.run(
      sql`update dispatch set state = 'paused', state_reason = 'the gateway kept failing' where source_id = ${id}`,
    );
    await app.db.run(sql`update campaign set state = 'sending' where id = ${id}`);
    await reach(id, 'paused');
    expect((await api('GET', `/campaigns/${id}`)).body.stateReason).toBe('the gateway kept failing');
  });

  test('a dispatch whose campaign was canceled is stopped', async () => {
    const { segmentId } = await makeCity(1);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    await app.db.run(sql`update dispatch set state = 'paused' where source_id = ${id}`);
    await app.db.run(sql`update campaign set state = 'canceled' where id = ${id}`);
    await eventually(
      async () => (await count(sql`select count(*) as n from dispatch where source_id = ${id} and state = 'canceled'`)) === 1,
    );
  });

  test('a late word of an older run says nothing of the one that runs now', async () => {
    const { segmentId } = await makeCity(1);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    const old = await app.db.row<{ id: string }>(
      sql`update dispatch set state = 'canceled' where source_id = ${id} returning id`,
    );
    await app.db.run(sql`update campaign set state = 'failed' where id = ${id}`);
    expect((await verb(id, 'launch')).status).toBe(200);
    await app.get(RunsService).follow(app.workspaceId, old?.id ?? '');
    await reach(id, 'done');
  });

  test('a launch whose segment is gone fails and says why, and can be launched again when it is mended', async () => {
    const { segmentId } = await makeCity(1);
    const id = await makeCampaign({ includeSegmentIds: [segmentId] });
    await verb(id, 'launch');
    await reach(id, 'done');
    await app.db.run(sql`update dispatch set state = 'freezing', finished_at = null where source_id = ${id}`);
    await app.db.run(sql`update campaign set state = 'launching', updated_at = ${clock.now()} where id = ${id}`);
    await app.db.run(sql`update segment set archived_at = ${clock.now()} where id = ${segmentId}`);
    clock.advance(10_000);
    await reach(id, 'failed');
    expect((await api('GET', `/campaigns/${id}`)).body.stateReason).toContain('is archived');
    await eventually(
      async () => (await count(sql`select count(*) as n from dispatch where source_id = ${id} and state = 'canceled'`)) === 1,
    );
    expect(await verb(id, 'launch')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/includeSegmentIds/0' }] } });
    await app.db.run(sql`update segment set archived_at = null where id = ${segmentId}`);
    expect((await verb(id, 'launch')).status).toBe(200);
    await reach(id, 'done');
  });
});
