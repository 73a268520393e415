/**
 * Where the sandbox listens and by which credentials it knows a workspace. The sandbox room (a higher floor) tells how to start its listeners; they
 * start at boot in processes that send, and on demand elsewhere.
 */
import { Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { WorkspaceId } from '../domain/ids.js';
import { Signing } from '../platform/signing.js';

export type SandboxListeners = { smtpPort: number; httpUrl: string };
export type SandboxCredentials = { accountSid: string; authToken: string };

/** The header by which a mail tells the sandbox where its receipt goes. */
export const callbackHeader = 'X-Muster-Callback';

@Injectable()
export class SandboxAddress {
  private start: () => Promise<SandboxListeners> = () => Promise.reject(new Error('this process has no sandbox'));
  private started: Promise<SandboxListeners> | null = null;

  constructor(private readonly signing: Signing) {}

  /** Called once by the sandbox room when it is wired. */
  startWith(start: () => Promise<SandboxListeners>): void {
    this.start = start;
  }

  /** Resolves when both listeners are up; starts them at the first call, again after a failure. */
  get ready(): Promise<SandboxListeners> {
    this.started ??= this.start().catch((error: unknown) => {
      this.started = null;
      throw error;
    });
    return this.started;
  }

  /** Account and token of a workspace: the account sid carries its id, the token only we can make. */
  credentials(workspaceId: WorkspaceId): SandboxCredentials {
    return {
      accountSid: `AC${workspaceId.padStart(32, '0')}`,
      authToken: this.signing.derive(`sandbox:${workspaceId}`).slice(0, 32),
    };
  }

  /** The workspace of these credentials, or null when they are not ours. */
  workspaceOf(accountSid: string, authToken: string): WorkspaceId | null {
    const digits = /^AC0*([1-9]\d{0,17})$/.exec(accountSid)?.[1];
    if (digits === undefined || accountSid.length !== 34) return null;
    const workspaceId = digits as WorkspaceId;
    return isSame(this.credentials(workspaceId).authToken, authToken) ? workspaceId : null;
  }
}

/** In the same time wherever they differ. */
function isSame(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
