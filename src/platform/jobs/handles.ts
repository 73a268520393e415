// Marks the one class that handles a job or runs at each sweep; the job host and the sweeper find them by these marks.
import { Injectable, SetMetadata, applyDecorators } from '@nestjs/common';
import type { JobDeclaration } from './define-job.js';

export const handlesKey = 'muster:handles';
export const sweepsKey = 'muster:sweeps';

/** A job handler: `handle` reads the row, decides, moves the row. Throwing makes the queue try again. */
export interface JobHandler<Payload> {
  handle(payload: Payload, signal: AbortSignal): Promise<void>;
}

/** Class decorator for the handler of one declared job. */
export function Handles(job: JobDeclaration<never> | JobDeclaration): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(handlesKey, job.name));
}

/** Work that every sweep does (in one worker at a time): ring for due rows nobody claimed, mend what a dead process left. */
export interface SweepTask {
  sweep(): Promise<void>;
}

export function Sweeps(): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(sweepsKey, true));
}
