/** What an API key may do (the names are the contract's). `admin` manages workspaces and keys; every other scope is one room, read or write. */
import type { scopeNames } from '../contract/accounts.js';
import { AppError } from '../platform/errors.js';

export type Scope = (typeof scopeNames)[number];

/** `x:write` includes `x:read`; `admin` includes everything in its workspace. */
export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes(needed) || granted.includes('admin') || granted.includes(needed.replace(/:read$/, ':write') as Scope);
}

/** For a part of a request that needs more than its route: rendering for a person shows that person. */
export function requireScope(granted: readonly Scope[], needed: Scope, pointer: string): void {
  if (allows(granted, needed)) return;
  throw new AppError('forbidden', `This key lacks the scope ${needed}`, [{ pointer, message: `Needs the scope ${needed}` }]);
}
