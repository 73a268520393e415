/** docs/metrics.md lists what a server that did everything exposes: each metric with its type and labels, at least one of every room. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestApp, type TestApp } from '../support/app.js';
import { fillWorkspace } from '../support/release.js';
import { projectRoot } from '../support/processes.js';

type Listed = { type: string; labels: string[] };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await fillWorkspace(app);
  await app.sweep();
});
afterAll(() => app.stop());

const scrape = async (): Promise<string> => (await fetch(`${app.url}/metrics`)).text();

/** Our metrics by name, with the labels their samples have; those of Node.js (process_, nodejs_) are prom-client's own. */
function readMetrics(text: string): Map<string, Listed> {
  const found = new Map(
    [...text.matchAll(/^# TYPE (muster_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [
      name,
      { type, labels: new Set<string>() },
    ]),
  );
  for (const [, sample = '', labels = ''] of text.matchAll(/^(muster_\w+)(?:\{(.*)\})? \S+$/gm)) {
    const name = found.has(sample) ? sample : sample.replace(/_(bucket|sum|count)$/, '');
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) if (label !== 'le') found.get(name)?.labels.add(label);
  }
  return new Map([...found].map(([name, { type, labels }]) => [name, { type, labels: [...labels].sort() }]));
}

function readDocument(): Map<string, Listed> {
  const text = readFileSync(join(projectRoot, 'docs/metrics.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(muster_\w+)` \| (\w+)[^|]* \|([^|]*)\|/gm)];
  return new Map(
    rows.map(([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort() },
    ]),
  );
}

/** A name that only this room counts. */
const ofRooms: Record<string, string> = {
  platform: 'muster_http_requests_total',
  accounts: 'muster_idempotent_calls_total',
  contacts: 'muster_contacts_written_total',
  templates: 'muster_template_compilations_total',
  messages: 'muster_messages_frozen_total',
  gateways: 'muster_gateway_openings_total',
  segments: 'muster_segment_preview_seconds',
  campaigns: 'muster_campaigns',
  delivery: 'muster_gateway_tries_total',
  tracking: 'muster_callbacks_waiting',
  sandbox: 'muster_sandbox_messages_total',
};

test('the document lists exactly what is exposed', async () => {
  await app.api('POST', '/v1/segments/preview', { rule: { version: 1, rule: { kind: 'all', rules: [] } } });
  await app.api('POST', '/v1/exports', { rule: { version: 1, rule: { kind: 'all', rules: [] } } });
  const exposed = readMetrics(await scrape());
  const documented = readDocument();
  expect([...exposed.keys()].sort()).toEqual([...documented.keys()].sort());
  for (const [name, { type, labels }] of exposed) {
    const listed = documented.get(name);
    expect([name, type]).toEqual([name, listed?.type]);
    // A counter nobody has counted in yet shows no labels.
    if (labels.length > 0) expect([name, labels]).toEqual([name, listed?.labels]);
  }
});

test('every room counts something', async () => {
  const exposed = readMetrics(await scrape());
  for (const [room, name] of Object.entries(ofRooms)) expect([room, exposed.has(name)]).toEqual([room, true]);
});

test('what happened was counted, and tells of nobody', async () => {
  const text = await scrape();
  const valueOf = (sample: string): number =>
    Number(
      text
        .split('\n')
        .find(line => line.startsWith(`${sample} `))
        ?.split(' ')
        .at(-1),
    );
  expect(valueOf('muster_messages_total{channel="sms",outcome="sent"}')).toBeGreaterThan(0);
  expect(valueOf('muster_gateway_tries_total{gateway="sandbox",outcome="accepted"}')).toBeGreaterThan(0);
  expect(valueOf('muster_replies_total{kind="stop"}')).toBe(1);
  expect(valueOf('muster_campaigns{state="scheduled"}')).toBe(1);
  expect(valueOf('muster_import_rows_total{kind="orders",outcome="merged"}')).toBe(3);
  expect(valueOf('muster_http_requests_total{method="POST",route="/v1/campaigns/:id/launch",status="200"}')).toBe(3);
  expect(text).not.toMatch(/example\.com|Zoë|\+1212/);
  expect(text.split('\n').length).toBeLessThan(2_000);
});
