/** What an API key may do (the names are the contract's). `admin` manages workspaces and keys; every other scope is one room, read or write. */
import type { scopeNames } from '../contract/accounts.js';

export type Scope = (typeof scopeNames)[number];

/** `x:write` includes `x:read`; `admin` includes everything in its workspace. */
export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes(needed) || granted.includes('admin') || granted.includes(needed.replace(/:read$/, ':write') as Scope);
}
