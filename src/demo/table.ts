// A plain table for a terminal: text left, numbers right, as wide as its widest cell.
import { count } from './screen.js';

export type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const body = rows.map(row => row.map(shown));
  const widths = head.map((title, column) => Math.max(...[head, ...body].map(row => widthOf(row[column] ?? '')), widthOf(title)));
  const isNumber = head.map((_, column) => rows.every(row => typeof row[column] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, isNumber[column] ?? false))
      .join('  ')
      .trimEnd();
  const rule = widths.map(width => '─'.repeat(width)).join('  ');
  return [line(head), rule, ...body.map(line)].map(text => `  ${text}`).join('\n');
}

function shown(cell: Cell): string {
  return typeof cell === 'number' ? count(cell) : cell;
}

function pad(text: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isNumber ? space + text : text + space;
}

/** Letters, not bytes: combining marks take no room. */
function widthOf(text: string): number {
  return [...text.replaceAll(/\p{M}/gu, '')].length;
}
