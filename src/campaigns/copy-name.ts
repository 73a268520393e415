/** The names a copy may have, best first: "Spring (copy)", "Spring (copy 2)" … A copy of a copy is named as a copy of the first. Pure. */
const longestName = 200;
const copies = 100;

export function copyNames(name: string): string[] {
  const base = name.replace(/ \(copy(?: \d+)?\)$/, '');
  return Array.from({ length: copies }, (_, i) => {
    const mark = i === 0 ? ' (copy)' : ` (copy ${i + 1})`;
    return base.slice(0, longestName - mark.length).toWellFormed() + mark;
  });
}
