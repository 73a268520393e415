/**
 * All settings: one schema over the environment, parsed once at boot. A wrong variable is a `ConfigError` of one line that names it.
 * An empty variable counts as not set; unknown variables are ignored. Relative paths start at the project's root.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { resolveDataHome, makeDataHome, type DataHome } from './data-home.js';
import { messageOf } from './errno.js';
import { getOrMakeSecret } from './secret-file.js';

export const roles = ['api', 'worker', 'all'] as const;
export type Role = (typeof roles)[number];

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Type and injection token in one. What every part of a running process sees. */
export abstract class Config {
  abstract readonly projectRoot: string;
  /** Absolute. Not always the folder asked for: see `data-home.ts`. */
  abstract readonly dataDir: string;
  abstract readonly role: Role;
  /** 0: the system picks one. */
  abstract readonly port: number;
  abstract readonly host: string;
  /** Origin without a trailing slash. With port 0 and no PUBLIC_URL it ends in `:0` until the server listens. */
  abstract readonly publicUrl: string;
  abstract readonly databaseUrl: string;
  abstract readonly databasePool: number;
  /** null: queues live in PostgreSQL. */
  abstract readonly redisUrl: string | null;
  /** At least 32 characters. Encrypts gateway secrets and signs tokens. */
  abstract readonly secretKey: string;
  /** null: one is generated at the first start and kept in a 0600 file. */
  abstract readonly bootstrapApiKey: string | null;
  /** Of one API key that names no limit of its own, in each process. */
  abstract readonly requestsPerMinute: number;
  /** Keys that open nothing, of one address, in each process. */
  abstract readonly failedKeysPerMinute: number;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  abstract readonly trustedProxies: readonly string[];
  abstract readonly logLevel: LogLevel;
  /** The health port of a process with role `worker`; 0: the system picks one, and only this machine may ask. */
  abstract readonly workerPort: number;
  abstract readonly sweepMs: number;
  abstract readonly drainConcurrency: number;
  abstract readonly shutdownMs: number;
}

/** What the launcher starts from. `databaseUrl` null: the embedded PostgreSQL, whose address `withDatabase` fills in once it runs. */
export type BootConfig = Omit<Config, 'databaseUrl'> & {
  readonly databaseUrl: string | null;
  readonly dataHome: DataHome;
  /** A folder with `initdb` and `postgres` to use instead of the binaries we ship. */
  readonly pgBin: string | null;
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Record<string, string | undefined>;

const wholeNumber = (min: number, max: number) =>
  setting(`a whole number from ${min} to ${max}`, text => (/^\d{1,9}$/.test(text) ? within(Number(text), min, max) : undefined));
const seconds = (min: number, max: number) =>
  setting(`seconds from ${min} to ${max}`, text =>
    /^\d{1,9}(\.\d{1,3})?$/.test(text) ? within(Number(text), min, max) : undefined,
  );
const choice = <T extends string>(values: readonly T[]) =>
  setting(`one of ${values.join(', ')}`, text => values.find(value => value === text));
const secret = (min: number) => setting(`at least ${min} characters`, text => (text.length >= min ? text : undefined), 'masked');
const path = setting('a path', text => (text.includes('\0') ? undefined : text));
const serviceUrl = (...schemes: string[]) =>
  setting(
    `a URL that starts with ${schemes.map(scheme => `${scheme}://`).join(' or ')}`,
    text => checkUrl(text, schemes),
    'masked',
  );

const environmentSchema = z.object({
  DATA_DIR: path.optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: setting('a host name or address', text => (/^[\w.:-]+$/.test(text) ? text : undefined)).optional(),
  PUBLIC_URL: setting('http://host or https://host, without path or query', checkOrigin).optional(),
  ROLE: choice(roles).default('all'),
  DATABASE_URL: serviceUrl('postgresql', 'postgres').optional(),
  DATABASE_POOL: wholeNumber(6, 100).default(10),
  REDIS_URL: serviceUrl('redis', 'rediss').optional(),
  SECRET_KEY: secret(32).optional(),
  BOOTSTRAP_API_KEY: secret(32).optional(),
  REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000).default(6_000),
  FAILED_KEYS_PER_MINUTE: wholeNumber(1, 1_000_000).default(60),
  TRUSTED_PROXIES: setting('addresses or networks such as 10.0.0.0/8, with commas between', checkNetworks).default([]),
  LOG_LEVEL: choice(logLevels).default('info'),
  WORKER_PORT: wholeNumber(0, 65_535).default(0),
  SWEEP_SECONDS: seconds(0.05, 3600).default(15),
  SHUTDOWN_SECONDS: seconds(0.1, 3600).default(20),
  DRAIN_CONCURRENCY: wholeNumber(1, 64).default(4),
  PG_BIN: setting('a folder with initdb and postgres in it', checkBinaries).optional(),
});

type Settings = z.infer<typeof environmentSchema>;

/** Every variable that is read. */
export const settingNames: readonly string[] = Object.keys(environmentSchema.shape);

/** Makes the data folder and `secret.key` in it when SECRET_KEY is not set; touches nothing else. */
export function loadConfig(environment: Environment = process.env, projectRoot = findProjectRoot()): BootConfig {
  const settings = parse(environment);
  const dataHome = dataHomeOf(settings, projectRoot);
  return {
    projectRoot,
    dataDir: dataHome.path,
    dataHome,
    role: settings.ROLE,
    port: settings.PORT,
    host: settings.HOST ?? defaultHost(settings.PUBLIC_URL),
    publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`,
    databaseUrl: settings.DATABASE_URL ?? null,
    databasePool: settings.DATABASE_POOL,
    pgBin: settings.PG_BIN ?? null,
    redisUrl: settings.REDIS_URL ?? null,
    secretKey: settings.SECRET_KEY ?? keptSecretKey(dataHome),
    bootstrapApiKey: settings.BOOTSTRAP_API_KEY ?? null,
    requestsPerMinute: settings.REQUESTS_PER_MINUTE,
    failedKeysPerMinute: settings.FAILED_KEYS_PER_MINUTE,
    trustedProxies: settings.TRUSTED_PROXIES,
    logLevel: settings.LOG_LEVEL,
    workerPort: settings.WORKER_PORT,
    sweepMs: settings.SWEEP_SECONDS * 1000,
    drainConcurrency: settings.DRAIN_CONCURRENCY,
    shutdownMs: settings.SHUTDOWN_SECONDS * 1000,
  };
}

export function withDatabase(config: BootConfig, databaseUrl: string): Config {
  return { ...config, databaseUrl };
}

/** For the log: everything but the secrets. */
export function describeConfig(config: Config | BootConfig): Record<string, unknown> {
  return {
    ...config,
    dataHome: undefined,
    databaseUrl: config.databaseUrl === null ? 'embedded' : maskUrl(config.databaseUrl),
    redisUrl: config.redisUrl === null ? null : maskUrl(config.redisUrl),
    secretKey: '***',
    bootstrapApiKey: config.bootstrapApiKey === null ? null : '***',
  };
}

function parse(environment: Environment): Settings {
  const given = Object.fromEntries(settingNames.map(name => [name, environment[name] === '' ? undefined : environment[name]]));
  const result = environmentSchema.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message}`);
}

/** One variable: `read` gives undefined for a wrong text. A masked one never shows up in a message. */
function setting<T>(wanted: string, read: (text: string) => T | undefined, echo: 'shown' | 'masked' = 'shown') {
  return z.string().transform((text, context): T => {
    const value = read(text);
    if (value !== undefined) return value;
    const got = echo === 'shown' ? JSON.stringify(text.slice(0, 80)) : `something else of ${text.length} characters`;
    context.addIssue({ code: 'custom', message: `wanted ${wanted}, got ${got}` });
    return z.NEVER;
  });
}

/** Only this machine may connect unless HOST or PUBLIC_URL says that others shall. */
function defaultHost(publicUrl: string | undefined): string {
  return publicUrl === undefined || isLoopback(new URL(publicUrl).hostname) ? '127.0.0.1' : '0.0.0.0';
}

function dataHomeOf({ DATA_DIR }: Settings, projectRoot: string): DataHome {
  const asked = resolve(projectRoot, DATA_DIR ?? '.data');
  return orWrongDataDir(() => resolveDataHome(asked, DATA_DIR === undefined ? projectRoot : asked));
}

function keptSecretKey(home: DataHome): string {
  return orWrongDataDir(() => {
    makeDataHome(home);
    return getOrMakeSecret(join(home.path, 'secret.key'));
  });
}

function orWrongDataDir<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new ConfigError(`DATA_DIR: wanted a folder this user can write to (${messageOf(error)})`, { cause: error });
  }
}

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

function checkUrl(text: string, schemes: string[]): string | undefined {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)) ? text : undefined;
}

function checkOrigin(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.pathname === '/' && !/[?#@]/.test(text) ? url.origin : undefined;
}

function checkNetworks(text: string): string[] | undefined {
  const networks = text.split(',').map(part => part.trim());
  const isNetwork = (network: string) => {
    const [address = '', bits, ...rest] = network.split('/');
    const most = isIP(address) === 4 ? 32 : 128;
    return isIP(address) > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
  };
  return networks.every(isNetwork) ? networks : undefined;
}

function checkBinaries(folder: string): string | undefined {
  return existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')) ? resolve(folder) : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
}

function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = '***';
  for (const name of url.searchParams.keys()) if (/pass|secret|key/i.test(name)) url.searchParams.set(name, '***');
  return url.href;
}

/** The nearest folder at or above the working directory that holds our package.json. */
function findProjectRoot(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (isOurs(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}

function isOurs(packageFile: string): boolean {
  return existsSync(packageFile) && (JSON.parse(readFileSync(packageFile, 'utf8')) as { name?: string }).name === 'muster';
}
