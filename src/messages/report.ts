/** From tallies to the report of one dispatch, or of one variant of it: where every matched person ended. Pure. */
import type { ResponseTallyRow, TallyRow } from './tally.sql.js';

export type Report = {
  matched: number;
  refused: Record<string, number>;
  planned: number;
  /** Claimed or on the wire right now. */
  inFlight: number;
  /** Rows that were ever handed to a provider and taken, whatever became of them. */
  sent: number;
  delivered: number;
  undelivered: number;
  bounced: number;
  /** Gave up without a provider ever taking it. */
  failed: number;
  /** On the wire when the process died or no answer came; nobody knows. */
  unknown: number;
  canceled: number;
  expired: number;
  parts: number;
  costMicros: number;
  /** People who answered, and who took their consent back; once each. */
  replied: number;
  unsubscribed: number;
};

/** matched = Σ refused + planned + inFlight + sent + failed + unknown + canceled + expired, always. */
export function toReport(rows: readonly TallyRow[], responses: readonly ResponseTallyRow[]): Report {
  const count = (wanted: (row: TallyRow) => boolean) => rows.filter(wanted).reduce((sum, row) => sum + row.messages, 0);
  const unsent = (...states: string[]) => count(row => !row.was_sent && states.includes(row.state));
  const people = (kind: string) => responses.filter(row => row.kind === kind).reduce((sum, row) => sum + row.people, 0);
  const ended = (state: string) => count(row => row.state === state);
  return {
    matched: count(() => true),
    refused: refusedBy(rows),
    planned: unsent('planned'),
    inFlight: unsent('claimed', 'sending'),
    sent: count(row => row.was_sent),
    delivered: ended('delivered'),
    undelivered: ended('undelivered'),
    bounced: ended('bounced'),
    failed: unsent('failed'),
    unknown: unsent('unknown'),
    canceled: unsent('canceled'),
    expired: unsent('expired'),
    parts: rows.reduce((sum, row) => sum + row.parts, 0),
    costMicros: rows.reduce((sum, row) => sum + row.cost_micros, 0),
    replied: people('replied'),
    unsubscribed: people('unsubscribed'),
  };
}

/** `was_sent` rows are sent rows even when a retry was refused later, so that the sum stays whole. */
function refusedBy(rows: readonly TallyRow[]): Record<string, number> {
  const refused: Record<string, number> = {};
  for (const row of rows)
    if (row.state === 'refused' && !row.was_sent) refused[row.reason] = (refused[row.reason] ?? 0) + row.messages;
  return refused;
}
