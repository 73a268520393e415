/** Times that callers claim for what happened. Clocks of other systems run ahead, so a day of future is borne; more is a mistake. */
const toleranceMs = 24 * 60 * 60 * 1000;

export const momentProblem = 'Must be after 1970 and at most a day ahead';

/** The instant, `now` when none was sent, null when it lies before 1970 or more than a day ahead. */
export function momentBefore(sent: string | undefined, now: Date): Date | null {
  if (sent === undefined) return now;
  const ms = Date.parse(sent);
  return ms >= 0 && ms <= now.getTime() + toleranceMs ? new Date(ms) : null;
}
