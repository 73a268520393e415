/** Who would get a message now and why others would not, from counts by refusal and variant. Pure. */
import type { PlanRow } from './freeze.sql.js';

type Counts = { matched: number; refused: Record<string, number>; toSend: number };
export type Plan = Counts & { variants: (Counts & { name: string })[] };

export function toPlan(rows: readonly PlanRow[]): Counts {
  const counts: Counts = { matched: 0, refused: {}, toSend: 0 };
  for (const { refusal, messages } of rows) {
    counts.matched += messages;
    if (refusal === null) counts.toSend += messages;
    else counts.refused[refusal] = (counts.refused[refusal] ?? 0) + messages;
  }
  return counts;
}
