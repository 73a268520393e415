// What every sink's process does: listens on a free port of loopback, prints it, and on SIGTERM prints the CPU it took and ends.
import type { AddressInfo, Server } from 'node:net';

const microsecondsInMs = 1_000;

export function serveSink(server: Server): void {
  server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`));
  const end = () => {
    const { user, system } = process.cpuUsage();
    process.stderr.write(`sink: ${Math.round((user + system) / microsecondsInMs)} ms CPU\n`);
    process.exit(0);
  };
  process.on('SIGTERM', end).on('SIGINT', end).on('disconnect', end);
}
