/** Starts the mailbox and the phone network: at boot where messages are sent, on demand elsewhere (a check of a gateway in the API process). */
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SandboxAddress, type SandboxListeners } from '../gateways/sandbox-address.js';
import { Config } from '../platform/config.js';
import { Mailbox } from './mailbox.js';
import { PhoneNetwork } from './phone-network.js';

@Injectable()
export class Listeners implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly address: SandboxAddress,
    private readonly mailbox: Mailbox,
    private readonly phones: PhoneNetwork,
    private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    this.address.startWith(() => this.start());
    if (this.config.role !== 'api') await this.address.ready;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.mailbox.close(), this.phones.close()]);
  }

  private async start(): Promise<SandboxListeners> {
    const [smtpPort, httpUrl] = await Promise.all([this.mailbox.listen(), this.phones.listen()]);
    return { smtpPort, httpUrl };
  }
}
