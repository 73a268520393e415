/**
 * How many messages of one gateway this process may have on the wire at once, over all its drains. What is in the window
 * when a process dies is all that can become unknown.
 */
export class GatewayWindow {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(readonly size: number) {
    this.free = size;
  }

  /** Waits until `wanted` places (at most the window) are free and takes them; first come, first served. */
  async take(wanted: number): Promise<number> {
    const places = Math.min(wanted, this.size);
    while (this.free < places || this.waiting.length > 0) {
      await new Promise<void>(resolve => this.waiting.push(resolve));
      if (this.free >= places) break;
    }
    this.free -= places;
    return places;
  }

  give(places: number): void {
    this.free += places;
    this.waiting.shift()?.();
  }
}
