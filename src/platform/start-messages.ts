/** What a person reads when a process starts, or fails to: a short block, or one line that says what to change. */
import { type BootConfig, ConfigError } from './config.js';
import { codeOf, messageOf } from './errno.js';

type Key = { state: 'made'; key: string; file: string } | { state: 'kept'; file: string } | { state: 'known' };

export function welcome({ url, boot, key }: { url: string; boot: BootConfig; key: Key }): string {
  const lines: [string, string][] =
    boot.role === 'worker'
      ? [['Health', `${url}/health/ready`]]
      : [
          ['URL', url],
          ['Docs', `${url}/docs`],
        ];
  lines.push(['Data', boot.databaseUrl === null ? whereData(boot) : 'the PostgreSQL of DATABASE_URL']);
  if (key.state === 'made') lines.push(['API key', `${key.key} (shown once; kept in ${key.file})`]);
  if (key.state === 'kept') lines.push(['API key', `in ${key.file}`]);
  const body = lines.map(([name, value]) => `  ${name.padEnd(8)} ${value}`);
  return ['', `Muster is running (role ${boot.role}).`, ...body, ''].join('\n');
}

function whereData({ dataHome }: BootConfig): string {
  return dataHome.moved ? `${dataHome.path} (the database's user cannot enter ${dataHome.asked})` : dataHome.path;
}

/** One line. `boot` is null when the settings themselves could not be read. */
export function describeStartFailure(error: unknown, boot: BootConfig | null): string {
  if (error instanceof ConfigError) return error.message;
  const why = (boot && listenFailure(error, boot)) ?? databaseFailure(error, boot) ?? messageOf(error);
  return `Muster could not start: ${why.replaceAll(/\s*\n\s*/g, ' ')}`;
}

function listenFailure(error: unknown, boot: BootConfig): string | null {
  if (typeof error !== 'object' || error === null || !('syscall' in error) || error.syscall !== 'listen') return null;
  const [variable, port] = boot.role === 'worker' ? ['WORKER_PORT', boot.workerPort] : ['PORT', boot.port];
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `port ${port} is already in use; set ${variable} to another one`;
    case 'EACCES':
      return `this user may not listen on port ${port}; set ${variable} to one above 1023`;
    default:
      return `cannot listen on ${boot.host}; set HOST to an address of this machine (${messageOf(error)})`;
  }
}

function databaseFailure(error: unknown, boot: BootConfig | null): string | null {
  const code = codeOf(error) ?? '';
  const isRefused =
    ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'EAI_AGAIN'].includes(code) || /^(28|3D)/.test(code);
  return isRefused && boot?.databaseUrl ? `cannot connect to the PostgreSQL of DATABASE_URL (${messageOf(error) || code})` : null;
}
