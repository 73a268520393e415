// Names for copies: "Regulars (2)", "Regulars (3)".
const maxLength = 200;

/** The name itself, when nobody has it yet, else the first numbered one that is free. Long names are cut before the number. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = numbered(name, number);
  return free;
}

function numbered(name: string, number: number): string {
  const end = ` (${number})`;
  const letters = [...name];
  while (letters.join('').length + end.length > maxLength) letters.pop();
  return letters.join('') + end;
}
