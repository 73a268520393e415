// Wiring of the sandbox. Its sweep runs only in workers, as every sweep.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { GatewaysModule } from '../gateways/gateways.module.js';
import { Listeners } from './listeners.js';
import { Mailbox } from './mailbox.js';
import { PhoneNetwork } from './phone-network.js';
import { Receipts } from './receipts.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';
import { SendDueReceipts } from './send-due-receipts.js';
import { TakeMessages } from './take-messages.js';
import { ForgetSandboxMessages } from './forget-sandbox-messages.js';

@Module({
  imports: [AccountsModule, GatewaysModule],
  controllers: [SandboxController],
  providers: [ForgetSandboxMessages, Listeners, Mailbox, PhoneNetwork, Receipts, SandboxService, SendDueReceipts, TakeMessages],
})
export class SandboxModule {}
