/** A row of the ledger as the API shows a recipient. */
import type { RecipientView } from '../contract/recipients.js';
import type { RecipientRow } from './recipients.sql.js';

export function toView(row: RecipientRow): RecipientView {
  const { firstName, lastName, errorKind, errorCode, errorDetail, sendAfter, sentAt, updatedAt, ...same } = row;
  const { contactId, dispatchId, address, state, refusal, attempt, parts, variant } = same;
  const hasError = errorKind !== null || errorCode !== null || errorDetail !== null;
  return {
    contactId,
    dispatchId,
    name: [firstName, lastName].filter(Boolean).join(' ') || null,
    address,
    state,
    refusal,
    error: hasError ? { kind: errorKind, code: errorCode, detail: errorDetail } : null,
    attempt,
    parts,
    variant,
    sendAfter: sendAfter?.toISOString() ?? null,
    sentAt: sentAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}
