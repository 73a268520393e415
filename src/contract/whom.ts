// Whom a call is about, where it may say so in either of two ways: a rule as it stands, or a saved segment.
import { id } from '../domain/scalars.js';
import { segmentDocument } from '../domain/segment/rule.js';

export const whom = { rule: segmentDocument.optional(), segmentId: id.optional() };

export const saysWhomOnce = (body: { rule?: unknown; segmentId?: unknown }): boolean =>
  (body.rule === undefined) !== (body.segmentId === undefined);

export const whomProblem = { path: ['rule'], message: 'Send either a rule or a segmentId' };
