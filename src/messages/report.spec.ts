import { toReport } from './report.js';
import type { TallyRow } from './tally.sql.js';

const row = (state: string, was_sent: boolean, messages: number, reason = ''): TallyRow => ({
  variant: '',
  state,
  was_sent,
  reason,
  messages,
  parts: 0,
  cost_micros: 0,
});

test('every matched person is in exactly one place', () => {
  const report = toReport(
    [
      row('planned', false, 5),
      row('claimed', false, 2),
      row('sending', false, 3),
      row('sent', true, 10),
      row('delivered', true, 40),
      row('undelivered', true, 4),
      row('bounced', true, 1),
      row('failed', false, 6),
      row('failed', true, 1),
      row('unknown', false, 7),
      row('canceled', false, 8),
      row('expired', false, 9),
      row('refused', false, 11, 'no-consent'),
      row('refused', false, 12, 'suppressed'),
    ],
    [],
  );
  const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
  const { planned, inFlight, sent, failed, unknown, canceled, expired } = report;
  expect(report.matched).toBe(119);
  expect(refused + planned + inFlight + sent + failed + unknown + canceled + expired).toBe(report.matched);
  expect(report).toMatchObject({ sent: 56, delivered: 40, failed: 6, refused: { 'no-consent': 11, suppressed: 12 } });
});

test('a message that failed after the provider took it counts as sent, not as failed', () => {
  expect(toReport([row('failed', true, 1)], [])).toMatchObject({ sent: 1, failed: 0 });
});

test('nobody matched is a report of zeros', () => {
  expect(toReport([], [])).toMatchObject({ matched: 0, refused: {}, sent: 0 });
});

test('answers are added up over variants', () => {
  const responses = ['a', 'b'].map((variant, i) => ({ variant, kind: 'replied', people: i + 1 }));
  expect(toReport([], responses)).toMatchObject({ replied: 3, unsubscribed: 0 });
});
