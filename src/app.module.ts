// The only file that knows every room.
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { GatewaysModule } from './gateways/gateways.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import type { Log } from './platform/log.js';
import { PlatformModule } from './platform/platform.module.js';
import { SegmentsModule } from './segments/segments.module.js';

const rooms = [AccountsModule, GatewaysModule, ContactsModule, SegmentsModule];

@Module({})
export class AppModule {
  static forRoot(config: Config, clock: Clock, log: Log): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.forRoot(config, clock, log), ...rooms] };
  }
}
