/**
 * How many messages of one gateway this process may have on the wire at once, over all its drains. What is in the window
 * when a process dies is all that can become unknown. First come, first served.
 */
export class GatewayWindow {
  private free: number;
  private readonly waiting: { places: number; go: () => void }[] = [];

  constructor(readonly size: number) {
    this.free = size;
  }

  /** Waits until `wanted` places (at most the whole window) are free and takes them; returns how many. */
  async take(wanted: number): Promise<number> {
    const places = Math.min(wanted, this.size);
    if (this.waiting.length === 0 && this.free >= places) this.free -= places;
    else await new Promise<void>(go => this.waiting.push({ places, go }));
    return places;
  }

  give(places: number): void {
    this.free += places;
    for (let next = this.waiting[0]; next && next.places <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.places;
      next.go();
    }
  }
}
