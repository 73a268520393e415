// Every migration, oldest first. A file in this folder that is not listed here fails a test.
import { CreateAccounts20261122000001 } from './20261122000001-create-accounts.js';
import { CreateContacts20261122000002 } from './20261122000002-create-contacts.js';
import { CreateHistory20261122000003 } from './20261122000003-create-history.js';
import { CreateCampaigns20261122000004 } from './20261122000004-create-campaigns.js';
import { CreateLedger20261122000005 } from './20261122000005-create-ledger.js';
import { CreateIdempotency20261122000006 } from './20261122000006-create-idempotency.js';
import { CreateAttributes20261122000007 } from './20261122000007-create-attributes.js';
import { FurnishCampaigns20261122000008 } from './20261122000008-furnish-campaigns.js';
import { FurnishTemplates20261122000010 } from './20261122000010-furnish-templates.js';
import { CreateNotesAndBulkEdits20261122000012 } from './20261122000012-create-notes-and-bulk-edits.js';
import { CreateRetention20261122000013 } from './20261122000013-create-retention.js';
import { CreateImportMappings20261122000014 } from './20261122000014-create-import-mappings.js';
import { LightenLedger20261123000001 } from './20261123000001-lighten-ledger.js';
import { LightenImports20261123000002 } from './20261123000002-lighten-imports.js';
import { TellHeldMessagesApart20261123000003 } from './20261123000003-tell-held-messages-apart.js';
import { KeepEachReason20261123000004 } from './20261123000004-keep-each-reason.js';
import { NarrowIdentityIndex20261123000005 } from './20261123000005-narrow-identity-index.js';

export const migrations = [
  CreateAccounts20261122000001,
  CreateContacts20261122000002,
  CreateHistory20261122000003,
  CreateCampaigns20261122000004,
  CreateLedger20261122000005,
  CreateIdempotency20261122000006,
  CreateAttributes20261122000007,
  FurnishCampaigns20261122000008,
  FurnishTemplates20261122000010,
  CreateNotesAndBulkEdits20261122000012,
  CreateRetention20261122000013,
  CreateImportMappings20261122000014,
  LightenLedger20261123000001,
  LightenImports20261123000002,
  TellHeldMessagesApart20261123000003,
  KeepEachReason20261123000004,
  NarrowIdentityIndex20261123000005,
];
