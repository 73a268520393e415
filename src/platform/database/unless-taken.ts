/** Names that must be unique: the database refuses the second one, however close together two callers are. */
import { AppError } from '../errors.js';
import { isDuplicate } from './database.js';

/** Runs `work`; a row that this unique constraint or index refuses is a conflict that says `what` there already is. */
export async function unlessTaken<Result>(constraint: string, what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error, constraint)) throw error;
    throw new AppError('conflict', `There is already ${what}`, [], { cause: error });
  }
}
