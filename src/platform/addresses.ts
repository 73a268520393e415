/** Where this process is reached. Known only once it listens, so services ask when they need it, not in constructors. */
import { Injectable } from '@nestjs/common';
import { Config } from './config.js';

@Injectable()
export class Addresses {
  /** Origin of links and callbacks without a trailing slash: PUBLIC_URL, or this machine's own address once the port is known. */
  publicUrl: string;
  /** Where this process itself answers on loopback; null before it listens. */
  localUrl: string | null = null;

  constructor(config: Config) {
    this.publicUrl = config.publicUrl;
  }

  /** Called once by the server when it listens. */
  listeningOn(port: number): void {
    this.localUrl = `http://127.0.0.1:${port}`;
    if (this.publicUrl.endsWith(':0')) this.publicUrl = this.localUrl;
  }
}
