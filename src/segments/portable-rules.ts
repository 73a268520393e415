// Steps of bringing portable rules in: the order in which they can be saved, and problems told where they stand in the file.
import { portablePointer } from '../domain/segment/portable.js';
import { AppError, invalid } from '../platform/errors.js';

/** What is named comes before what names it. Throws a 422 for a circle. */
export function inOrder<Item extends { name: string }>(items: readonly Item[], namedBy: (item: Item) => readonly Item[]): Item[] {
  const ordered = new Set<Item>();
  const visit = (item: Item, path: readonly Item[]): void => {
    if (ordered.has(item)) return;
    if (path.includes(item)) throw circle(items.indexOf(item), [...path.slice(path.indexOf(item)), item]);
    for (const inner of namedBy(item)) visit(inner, [...path, item]);
    ordered.add(item);
  };
  for (const item of items) visit(item, []);
  return [...ordered];
}

function circle(index: number, path: readonly { name: string }[]): AppError {
  const names = path.map(({ name }) => `"${name}"`).join(' → ');
  return invalid(`/file/segments/${index}/rule`, `Segments would go in a circle: ${names}`);
}

/** Rules are checked with ids; their problems are told of the names that the caller sent. */
export async function withPortablePointers<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const fields = error.fields.map(field => ({ ...field, pointer: portablePointer(field.pointer) }));
    throw new AppError(error.code, error.message, fields, { cause: error });
  }
}
