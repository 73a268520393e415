// Workspaces, API keys and the audit trail as the API shows them.
import { z } from 'zod';
import { country, currency, id } from '../domain/scalars.js';
import { instant, name, pageOf, pageQuery } from './common.js';
import { ianaZone, isoCountry, isoCurrency, languageTag } from './places.js';

export const scopeNames = [
  'contacts:read',
  'contacts:write',
  'segments:read',
  'segments:write',
  'templates:read',
  'templates:write',
  'campaigns:read',
  'campaigns:write',
  'gateways:read',
  'gateways:write',
  'sandbox:read',
  'sandbox:write',
  'audit:read',
  'admin',
] as const;

export const workspaceView = z
  .object({
    id,
    name: z.string(),
    defaultCountry: country,
    timeZone: z.string(),
    locale: z.string(),
    currency,
    isSandboxOnly: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'Workspace' });

export const createWorkspace = z
  .strictObject({
    name,
    defaultCountry: isoCountry.default('US'),
    timeZone: ianaZone.default('UTC'),
    locale: languageTag.default('en'),
    currency: isoCurrency.default('USD'),
    isSandboxOnly: z.boolean().default(false),
  })
  .meta({ id: 'CreateWorkspace' });

/** Of one API process; null: the server's default. */
const requestsPerMinute = z.number().int().min(1).max(1_000_000).nullable().meta({ example: 600 });

export const apiKeyView = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopeNames)),
    requestsPerMinute,
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const createKey = z
  .strictObject({ name, scopes: z.array(z.enum(scopeNames)).min(1), requestsPerMinute: requestsPerMinute.default(null) })
  .meta({ id: 'CreateApiKey', examples: [{ name: 'Web shop', scopes: ['contacts:write'], requestsPerMinute: 600 }] });
export const createdKey = apiKeyView.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });
export const apiKeyList = z.object({ data: z.array(apiKeyView) }).meta({ id: 'ApiKeyList' });

export const auditQuery = z.strictObject({ ...pageQuery });
export const auditEntry = z
  .object({
    id,
    at: instant,
    actor: z.string(),
    action: z.string(),
    target: z.string().nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });
export const auditPage = pageOf(auditEntry).meta({ id: 'AuditPage' });

export type WorkspaceView = z.infer<typeof workspaceView>;
export type CreateWorkspace = z.infer<typeof createWorkspace>;
export type ApiKeyView = z.infer<typeof apiKeyView>;
export type CreateKey = z.infer<typeof createKey>;
export type AuditEntryView = z.infer<typeof auditEntry>;
