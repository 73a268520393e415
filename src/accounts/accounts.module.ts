// Wiring of tenants, keys and audit.
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { ApiKey } from './api-key.entity.js';
import { AuditService } from './audit.service.js';
import { KeyGuard } from './key.guard.js';
import { Workspace } from './workspace.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([Workspace, ApiKey])],
  controllers: [AccountsController],
  providers: [AccountsService, AuditService, { provide: APP_GUARD, useClass: KeyGuard }],
  exports: [AccountsService],
})
export class AccountsModule {}
