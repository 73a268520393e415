// Saves the four segments and previews each: how many people, how many of them in reach, and how long the count took.
import { saveByName } from '../by-name.js';
import type { Demo } from '../demo.js';
import { demoSegments, type DemoSegment } from '../segments.js';
import { table } from '../table.js';
import type { SegmentPreview } from '../../contract/segments.js';

export type SegmentIds = ReadonlyMap<DemoSegment['key'], string>;

export async function saveSegments(demo: Demo): Promise<SegmentIds> {
  const ids = new Map<DemoSegment['key'], string>();
  const rows: (string | number)[][] = [];
  for (const { key, name, rule } of demoSegments) {
    const id = await saveByName(demo.api, '/v1/segments', { name, rule: { version: 1, rule } }, body => body);
    ids.set(key, id);
    const preview = await demo.api.post<SegmentPreview>('/v1/segments/preview', {
      segmentId: id,
      topic: 'marketing',
      sampleSize: 0,
    });
    rows.push([name, preview.count, preview.reachable.sms, preview.reachable.email, preview.milliseconds]);
  }
  demo.screen.line(table(['Segment', 'People', 'SMS', 'Email', 'ms'], rows));
  return ids;
}
