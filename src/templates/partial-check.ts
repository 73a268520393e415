/** What a partial must be before it is saved: it parses where it will stand, names what exists, and goes round in no circle. Pure. */
import { AppError } from '../platform/errors.js';
import { checkPart, type Vocabulary } from './content-check.js';
import type { PartialBodies, PartialUse } from './partial-expansion.js';

const uses: readonly PartialUse[] = ['text', 'html', 'mjml'];

/** `words` holds the partial itself already as it will be. Throws a 422 that names every mistake. */
export function checkPartial(name: string, bodies: PartialBodies, words: Vocabulary): void {
  const errors = uses.flatMap(use => {
    const body = bodies[use];
    return body === null ? [] : checkPart(`/${use}`, body, use, words, [name]).errors;
  });
  const [first] = errors;
  if (first) throw new AppError('invalid', `${first.pointer}: ${first.message}`, errors);
}
