/**
 * What the demo writes to the terminal: headings, tables, and one progress line that updates in place. Where stdout is no
 * terminal, progress is a plain line every few seconds.
 */
const plainEveryMs = 3_000;

export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number };

export class Screen {
  private isLineOpen = false;
  private lastPlain = '';
  private lastPlainAt = 0;

  constructor(
    private readonly output: Output,
    private readonly now: () => Date,
  ) {}

  heading(text: string): void {
    this.line(`\n${text}`);
  }

  line(text = ''): void {
    this.closeLine();
    this.output.write(`${text}\n`);
  }

  /** Replaces the progress line; the next `line` or `done` ends it. */
  progress(text: string): void {
    if (this.output.isTTY === true) this.overwrite(text);
    else if (text !== this.lastPlain && this.now().getTime() - this.lastPlainAt >= plainEveryMs) this.plain(text);
  }

  /** The last state of the progress line, which stays. */
  done(text: string): void {
    if (this.isLineOpen) this.overwrite(text);
    else this.output.write(`  ${text}\n`);
    this.closeLine();
    this.lastPlainAt = this.now().getTime();
  }

  private plain(text: string): void {
    this.lastPlain = text;
    this.lastPlainAt = this.now().getTime();
    this.output.write(`  ${text}\n`);
  }

  private overwrite(text: string): void {
    const width = (this.output.columns ?? 80) - 1;
    this.output.write(`\r\u001B[2K${`  ${text}`.slice(0, width)}`); // erase the line, then write
    this.isLineOpen = true;
  }

  private closeLine(): void {
    if (this.isLineOpen) this.output.write('\n');
    this.isLineOpen = false;
  }
}

const grouped = new Intl.NumberFormat('en', { useGrouping: 'always' });

/** 50 000: groups set apart by a space. */
export function count(value: number): string {
  return grouped.format(Math.round(value)).replaceAll(',', ' ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function bar(share: number, width = 24): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
