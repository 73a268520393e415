// One measured figure and the line it is printed as. The ratio is ours over the floor: of rates more is better, of milliseconds and memory less.
export type Figure = {
  readonly figure: 'rows_per_second' | 'messages_per_second' | 'events_per_second' | 'milliseconds' | 'peak_rss_mb';
  readonly value: number;
  /** What the bare work takes on this machine in this run; null where there is no such thing. */
  readonly floor?: number | null;
  /** A second line of the same figure says which part it is, after the bench's name: "import-again". */
  readonly part?: string;
};

const units = {
  rows_per_second: 'rows/s',
  messages_per_second: 'messages/s',
  events_per_second: 'events/s',
  milliseconds: 'ms',
  peak_rss_mb: 'MB',
} as const satisfies Record<Figure['figure'], string>;

export function lineOf(bench: string, { figure, value, floor = null, part }: Figure): string {
  const name = part === undefined ? bench : `${bench}-${part}`;
  const ratio = floor === null ? null : rounded(value / floor);
  return JSON.stringify({
    bench: name,
    figure,
    value: rounded(value),
    unit: units[figure],
    floor: floor === null ? null : rounded(floor),
    ratio,
  });
}

/** Four digits are more than any of it is exact to. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
