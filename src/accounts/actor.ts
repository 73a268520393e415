/** Who acts, in which workspace: set by the key guard, passed to every service verb, written to the audit trail. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { WorkspaceId } from '../domain/ids.js';
import type { Scope } from './scopes.js';

export type Actor = {
  workspaceId: WorkspaceId;
  /** `key:12`, `job:campaign.launch`, `recipient` … as the audit trail shows it. */
  name: string;
  scopes: readonly Scope[];
};

/** `apiKeyId`: the row of the key that opened the request. */
export type AuthenticatedRequest = { actor?: Actor; apiKeyId?: string };

/** Parameter decorator: the actor of this request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new Error('no actor: the route is public');
  return actor;
});

/** For work that no request asked for: a job, a webhook, a recipient's click. */
export function systemActor(workspaceId: WorkspaceId, name: string): Actor {
  return { workspaceId, name, scopes: [] };
}
