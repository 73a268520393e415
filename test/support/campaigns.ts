/** People, templates and campaigns through the API, for specs of the campaigns room. */
import type { Answer, TestApp } from './app.js';
import { eventually } from './eventually.js';

let counter = 0;
const unused = (word: string) => `${word} ${++counter}`;

export class CampaignMaker {
  constructor(private readonly app: TestApp) {}

  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.app.api(method, `/v1${path}`, body);
  }

  verb(id: string, name: string, body: unknown = {}): Promise<Answer> {
    return this.api('POST', `/campaigns/${id}/${name}`, body);
  }

  async view(id: string): Promise<Answer['body']> {
    return (await this.api('GET', `/campaigns/${id}`)).body;
  }

  /** Of the only run. */
  async report(id: string): Promise<Answer['body']> {
    return (await this.api('GET', `/campaigns/${id}/report`)).body.dispatches[0];
  }

  reach(id: string, state: string): Promise<boolean> {
    return eventually(async () => (await this.view(id)).state === state, 60_000);
  }

  /** A segment of people of one city, P0 … with a phone each; the first `consenting` of them have allowed SMS. */
  async city(people: number, consenting = people): Promise<string> {
    return this.people(
      Array.from({ length: people }, () => `+1212${String(5_000_000 + ++counter)}`),
      consenting,
    );
  }

  /** A segment of people with these numbers. The sandbox treats some numbers as a network would treat bad ones. */
  async people(phones: readonly string[], consenting = phones.length): Promise<string> {
    const city = unused('City');
    const consent = [{ channel: 'sms', topic: 'news', state: 'granted', source: 'test' }];
    const contacts = phones.map((phone, i) => ({
      firstName: `P${i}`,
      lastName: city,
      city,
      phone,
      ...(i < consenting ? { consent } : {}),
    }));
    for (let i = 0; i < contacts.length; i += 500)
      await this.made('/contacts/bulk', { contacts: contacts.slice(i, i + 500) }, 200);
    return this.segment({ kind: 'place', city: [city] });
  }

  async segment(rule: object): Promise<string> {
    return (await this.made('/segments', { name: unused('Segment'), rule: { version: 1, rule } })).id;
  }

  async template(body = 'Hi {{firstName}} from {{campaignName}}'): Promise<string> {
    return (await this.made('/templates', { name: unused('Template'), channel: 'sms', body })).id;
  }

  async draft(change: object = {}): Promise<object> {
    return {
      name: unused('Campaign'),
      channel: 'sms',
      class: 'marketing',
      topic: 'news',
      sender: { from: '+15550100' },
      ...('variants' in change ? {} : { templateId: await this.template() }),
      ...('includeSegmentIds' in change ? {} : { includeSegmentIds: [await this.city(0)] }),
      ...change,
    };
  }

  async campaign(change: object = {}): Promise<string> {
    return (await this.made('/campaigns', await this.draft(change))).id;
  }

  /** Launched and done. */
  async sent(change: object = {}): Promise<string> {
    const id = await this.campaign(change);
    await this.verb(id, 'launch');
    await this.reach(id, 'done');
    return id;
  }

  private async made(path: string, body: object, expected = 201): Promise<Answer['body']> {
    const { status, text, body: made } = await this.api('POST', path, body);
    if (status !== expected) throw new Error(`${path}: ${status} ${text}`);
    return made;
  }
}
