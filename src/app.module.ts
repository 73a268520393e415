// The only file that knows every room.
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { GatewaysModule } from './gateways/gateways.module.js';
import { ImportModule } from './contacts/import/import.module.js';
import { InsightsModule } from './insights/insights.module.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import type { Log } from './platform/log.js';
import { PlatformModule } from './platform/platform.module.js';
import { SandboxModule } from './sandbox/sandbox.module.js';
import { SegmentsModule } from './segments/segments.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { TrackingModule } from './tracking/tracking.module.js';

const rooms = [
  AccountsModule,
  GatewaysModule,
  ContactsModule,
  ImportModule,
  SegmentsModule,
  SandboxModule,
  TemplatesModule,
  CampaignsModule,
  DeliveryModule,
  TrackingModule,
  InsightsModule,
];

@Module({})
export class AppModule {
  static forRoot(config: Config, clock: Clock, log: Log): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.forRoot(config, clock, log), ...rooms] };
  }
}
