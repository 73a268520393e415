/**
 * Takes what providers post: checks token and signature, stores it raw, answers. Applying waits for a job, so that a storm of receipts costs one
 * grouped insert a batch and no lock of the ledger.
 */
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { WorkspaceId } from '../domain/ids.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import { type FormParams, signatureHeader } from '../gateways/twilio-signature.js';
import { Database } from '../platform/database/database.js';
import { GroupCommit } from '../platform/database/group-commit.js';
import { AppError, notFound } from '../platform/errors.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { Logs } from '../platform/log.js';
import { Signing, type TokenKind } from '../platform/signing.js';
import { insertReceipts, type NewReceipt } from './callbacks.sql.js';
import { applyCallbacks } from './jobs.js';
import { toReceiptToken } from './receipt.js';

/**
 * Receipts of this long are applied together, a transaction a slot. Shorter, and in a storm each of the 64 transactions has a row or two;
 * longer would only delay the report.
 */
const gatherMs = 500;

@Injectable()
export class CallbacksService implements BeforeApplicationShutdown {
  private readonly commits: GroupCommit<NewReceipt>;
  private readonly rings = new Map<WorkspaceId, NodeJS.Timeout>();

  constructor(
    private readonly db: Database,
    private readonly gateways: GatewaysService,
    private readonly signing: Signing,
    private readonly jobs: Jobs,
    private readonly logs: Logs,
  ) {
    this.commits = new GroupCommit<NewReceipt>(rows => this.store(rows));
  }

  /** Resolves when the receipt is stored. */
  async takeReceipt(token: string, request: FastifyRequest): Promise<void> {
    const named = toReceiptToken(this.read('receipt', token));
    if (!named) throw notFound('callback', 'of this token');
    const workspaceId = named.workspaceId as WorkspaceId;
    const payload = await this.verified(workspaceId, named.gatewayId, request);
    await this.commits.add({ workspaceId, gatewayId: named.gatewayId, token, payload });
    this.ringSoon(workspaceId);
  }

  /** The parts of a token of ours; anything else is no address of ours. */
  read(kind: TokenKind, token: string): string[] {
    const parts = this.signing.verify(kind, token);
    if (!parts) throw notFound('callback', 'of this token');
    return parts;
  }

  /** The form of a request that the gateway's provider signed, with text PostgreSQL can store. */
  async verified(workspaceId: WorkspaceId, gatewayId: string, request: FastifyRequest): Promise<FormParams> {
    const params = formOf(request.body);
    const header = request.headers[signatureHeader];
    const signature = typeof header === 'string' ? header : '';
    const isSigned =
      params !== null && (await this.gateways.verifyCallback(workspaceId, gatewayId, { path: request.url, params, signature }));
    if (!isSigned) throw new AppError('forbidden', 'The signature of this callback is missing or wrong');
    return storable(params);
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.rings.values()) clearTimeout(timer);
  }

  private async store(rows: NewReceipt[]): Promise<void[]> {
    await this.db.run(insertReceipts(rows));
    return rows.map(() => undefined);
  }

  /** One ring for all receipts of a moment. A lost ring costs one sweep. */
  private ringSoon(workspaceId: WorkspaceId): void {
    if (this.rings.has(workspaceId)) return;
    const ring = () => {
      this.rings.delete(workspaceId);
      this.jobs
        .ring(applyCallbacks, { workspaceId })
        .catch((err: unknown) => this.logs.log.warn({ err }, 'could not ring for receipts'));
    };
    this.rings.set(workspaceId, setTimeout(ring, gatherMs));
  }
}

/** Null when the body is no form: a JSON value, an upload. */
function formOf(body: unknown): FormParams | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const isText = (value: unknown) =>
    typeof value === 'string' || (Array.isArray(value) && value.every(one => typeof one === 'string'));
  return Object.values(body).every(isText) ? (body as FormParams) : null;
}

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function storable(params: FormParams): FormParams {
  const clean = (text: string) => text.replaceAll('\0', '\uFFFD').toWellFormed();
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [clean(name), Array.isArray(value) ? value.map(clean) : clean(value)]),
  );
}
