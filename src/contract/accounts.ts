// Workspaces, API keys and the audit trail as the API shows them.
import { z } from 'zod';
import { country, currency, id, instant, name, pageOf, pageQuery } from './common.js';

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

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Must be an IANA time zone such as Europe/Helsinki')
  .meta({ example: 'Europe/Helsinki' });

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
    defaultCountry: country.default('US'),
    timeZone: timeZone.default('UTC'),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'Must be a BCP 47 language tag')
      .default('en'),
    currency: currency.default('USD'),
    isSandboxOnly: z.boolean().default(false),
  })
  .meta({ id: 'CreateWorkspace' });

export const apiKeyView = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopeNames)),
    createdAt: instant,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const createKey = z.strictObject({ name, scopes: z.array(z.enum(scopeNames)).min(1) }).meta({ id: 'CreateApiKey' });
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

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
