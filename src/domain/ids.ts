/** Ids as they travel: bigint in PostgreSQL, decimal strings everywhere else (JSON numbers lose digits above 2^53). */
declare const brand: unique symbol;

/** The tenant. Branded, so that a statement function that forgets its workspace does not compile. */
export type WorkspaceId = string & { readonly [brand]: 'workspace' };
export type ContactId = string;
export type DispatchId = string;

export type Channel = 'sms' | 'email';
export const channels = ['sms', 'email'] as const satisfies readonly Channel[];
