// Wiring of tenants, keys and audit.
import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { ApiKey } from './api-key.entity.js';
import { AuditService } from './audit.service.js';
import { IdempotencyInterceptor } from './idempotency-interceptor.js';
import { ForgetIdempotencyKeys, IdempotencyService } from './idempotency.service.js';
import { KeyGuard } from './key.guard.js';
import { RetentionController } from './retention.controller.js';
import { RateLimits } from './rate-limits.service.js';
import { Workspace } from './workspace.entity.js';
import { ForgetAudit } from './forget-audit.js';
import { EnforceRetention } from './enforce-retention.js';
import { RetentionService } from './retention.service.js';

@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature([Workspace, ApiKey])],
  controllers: [AccountsController, RetentionController],
  providers: [
    RetentionService,
    EnforceRetention,
    ForgetAudit,
    AccountsService,
    AuditService,
    ForgetIdempotencyKeys,
    IdempotencyService,
    RateLimits,
    { provide: APP_GUARD, useClass: KeyGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
  exports: [AccountsService],
})
export class AccountsModule {}
