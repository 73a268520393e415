/**
 * CSV as we write it: RFC 4180, and safe to open in a spreadsheet. A cell that one would run as a formula gets an apostrophe,
 * which our own reader takes off again, so that a file of ours comes back as it left.
 */

/** Behind any apostrophes of its own, so that a text that looks defused already comes back with what it had. */
const formulaStart = /^'*[=+\-@\t\r]/;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;

export function defuse(cell: string): string {
  return formulaStart.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
}

/** Undoes `defuse`. */
export function restore(cell: string): string {
  return cell.startsWith("'") && formulaStart.test(cell) ? cell.slice(1) : cell;
}

/** One record with its line end. Outer spaces are quoted: some readers drop them otherwise. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell => quote(defuse(cell))).join(',')}\r\n`;
}

function quote(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Texts as one cell that `parseCsvList` reads back: joined by ";", or as JSON where a text has a sign that would part it.
 * One text with a comma ends in ";", because a cell without ";" is parted at its commas.
 */
export function csvList(items: readonly string[]): string {
  const isPlain = items.every(item => !/^\[|[;|]|^\s|\s$|^$/.test(item));
  if (!isPlain) return JSON.stringify(items);
  return items.length === 1 && items[0]?.includes(',') ? `${items[0]};` : items.join('; ');
}

/** "a; b | c" or a JSON list of texts → its texts, each once. A list without those signs may use commas. */
export function parseCsvList(cell: string): string[] {
  const parts = jsonTexts(cell) ?? cell.split(/[;|]/.test(cell) ? /[;|]/ : ',');
  return [...new Set(parts.map(part => part.trim()).filter(part => part !== ''))];
}

function jsonTexts(cell: string): string[] | null {
  if (!cell.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) && value.every(item => typeof item === 'string') ? value : null;
  } catch {
    return null;
  }
}

/** A number with all its digits and no exponent, as readers of CSV expect it. */
export function csvNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) >= 1 ? BigInt(value).toString() : value.toFixed(20).replace(/\.?0+$/, '');
}
