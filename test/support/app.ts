/**
 * The real server on a database copy of its own, in this process: role `all`, an ephemeral port, the queue in PostgreSQL
 * (or Redis, when a test asks), a sweep each 0.2 s. Tests talk HTTP to it as a partner would, or ask its services.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication, Type } from '@nestjs/common';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import type { Actor } from '../../src/accounts/actor.js';
import { newKey } from '../../src/accounts/key-format.js';
import type { WorkspaceId } from '../../src/domain/ids.js';
import { type Clock, SystemClock } from '../../src/platform/clock.js';
import { type Config, loadConfig, withDatabase } from '../../src/platform/config.js';
import { Database } from '../../src/platform/database/database.js';
import { Sweeper } from '../../src/platform/jobs/sweeper.js';
import { createLog, type Log } from '../../src/platform/log.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase, type TestDatabase } from './db.js';

export type Answer = { status: number; body: any; headers: Headers; text: string }; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test asserts what is in it

export type TestApp = {
  url: string;
  app: INestApplication;
  db: Database;
  clock: Clock;
  workspaceId: WorkspaceId;
  key: string;
  actor: Actor;
  config: Config;
  database: TestDatabase;
  get<T>(service: Type<T> | (abstract new (...args: never[]) => T)): T;
  /** A call of the API with this workspace's key. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** One sweep now, however long the period. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
};

export type TestAppOptions = {
  clock?: Clock;
  environment?: Record<string, string>;
  workspace?: { name?: string; defaultCountry?: string; timeZone?: string; isSandboxOnly?: boolean };
  /** Start on this database instead of a fresh copy (a restart); it is not dropped on stop. */
  database?: TestDatabase;
  /** In place of one that prints errors. */
  log?: Log;
};

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase('app'));
  const dataDir = mkdtempSync(join(tmpdir(), 'muster-app-'));
  const clock = options.clock ?? new SystemClock();
  const environment = {
    DATA_DIR: dataDir,
    PORT: '0',
    SWEEP_SECONDS: '0.2',
    LOG_LEVEL: 'error',
    SECRET_KEY: 'k'.repeat(40),
    // Tests walk all routes as fast as they can, with good keys and bad ones.
    REQUESTS_PER_MINUTE: '1000000',
    FAILED_KEYS_PER_MINUTE: '1000000',
    ...options.environment,
  };
  const config = withDatabase(loadConfig(environment), database.url);
  const server = await startServer(config, { clock, log: options.log ?? createLog(config.logLevel, config.role) });
  const accounts = server.app.get(AccountsService);
  const workspace = await accounts.getOrCreateWorkspace({ ...defaults, ...options.workspace });
  const workspaceId = workspace.id as WorkspaceId;
  const key = newKey();
  await accounts.ensureKey(workspaceId, 'test', key);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    app: server.app,
    db: server.app.get(Database),
    clock,
    workspaceId,
    key,
    actor: { workspaceId, name: 'key:test', scopes: ['admin'] },
    config,
    database,
    get: service => server.app.get(service),
    api: (method, path, body, headers) => call(url, key, method, path, body, headers),
    sweep: async () => {
      while (!(await server.app.get(Sweeper).sweepOnce())) await new Promise(resolve => setImmediate(resolve));
    },
    stop: async () => {
      await server.close();
      if (!options.database) await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const defaults = { name: 'Test', defaultCountry: 'US', timeZone: 'UTC', locale: 'en', currency: 'USD', isSandboxOnly: false };

export async function call(
  url: string,
  key: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof FormData || typeof body === 'string';
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && !isForm ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await textOf(response);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers, text };
}

/** Of a stream of events, which may go on for ever, only what has come by the end of the first event. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    if (/^data: .*\n\n/m.test(text)) break;
  }
  return text;
}
