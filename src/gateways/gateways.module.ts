// Wiring of the doors to the outside.
import { Module } from '@nestjs/common';
import { GatewaysController } from './gateways.controller.js';
import { GatewaysService } from './gateways.service.js';
import { OpenGateways } from './open-gateways.js';
import { SandboxAddress } from './sandbox-address.js';

@Module({
  controllers: [GatewaysController],
  providers: [GatewaysService, OpenGateways, SandboxAddress],
  exports: [GatewaysService, SandboxAddress],
})
export class GatewaysModule {}
