/** What the scale-out form is started from, read as Docker reads it: docker-compose.yml, the Dockerfile and .dockerignore fit the product they start. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { loadConfig, settingNames } from '../../src/platform/config.js';
import { projectRoot } from '../support/processes.js';

type Service = {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; retries?: number };
  volumes?: string[];
  ports?: string[];
  restart?: string;
  stop_grace_period?: string;
  deploy?: { replicas: number };
};
type Compose = { services: Record<string, Service>; volumes: Record<string, null> };
type Package = { scripts: Record<string, string>; engines: { node: string } };

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const text = read('docker-compose.yml');
const compose = load(text, { schema: YAML11_SCHEMA }) as Compose;
const { postgres = {}, redis = {}, api = {}, worker = {} } = compose.services;
const manifest = JSON.parse(read('package.json')) as Package;

/** The Dockerfile's instructions by stage, continuation lines joined. */
const instructions = read('Dockerfile')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter(line => line.trim() !== '' && !line.startsWith('#'))
  .map(line => {
    const [verb = '', ...rest] = line.split(/\s+/);
    return { verb, rest, line };
  });
const stages = instructions.reduce<(typeof instructions)[]>((found, one) => {
  if (one.verb === 'FROM') found.push([]);
  found.at(-1)?.push(one);
  return found;
}, []);

const ignored = read('.dockerignore')
  .split('\n')
  .filter(line => line !== '' && !line.startsWith('#'))
  .map(pattern => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`));
const isLeftOut = (path: string): boolean => ignored.some(pattern => pattern.test(path));

/** The environment as compose hands it over: every variable it asks the host for is given. */
function environmentOf({ environment = {} }: Service): Record<string, string> {
  const fill = (value: string): string =>
    value.replaceAll(
      /\$\{(\w+)(?::-([^}]*))?(?::\?[^}]*)?\}/g,
      (_all, name: string, fallback?: string) => fallback ?? name.padEnd(40, 'x'),
    );
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(String(value))]));
}

test('there are PostgreSQL, Redis, one API and two workers', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['api', 'postgres', 'redis', 'worker']);
  expect(worker.deploy?.replicas).toBe(2);
  expect([api.deploy, api.ports]).toEqual([undefined, ['3000:3000']]);
  expect([worker.ports, postgres.ports, redis.ports]).toEqual([undefined, undefined, undefined]);
  expect(postgres.image).toMatch(/^postgres:1[5-8]$/);
  expect(redis.command?.join(' ')).toContain('--maxmemory-policy noeviction');
});

test.each(Object.entries({ api, worker }))('the settings of %s are known, right and the same image', (role, service) => {
  const environment = environmentOf(service);
  expect(Object.keys(environment).filter(name => !settingNames.includes(name))).toEqual([]);
  const config = loadConfig({ ...environment, DATA_DIR: '.data' }, projectRoot);
  expect(config).toMatchObject({ role, host: '0.0.0.0', redisUrl: 'redis://redis:6379', bootstrapApiKey: expect.any(String) });
  expect(new URL(config.databaseUrl ?? '')).toMatchObject({ hostname: 'postgres', pathname: '/muster', username: 'muster' });
  expect([service.build, service.image]).toEqual(['.', 'muster']);
});

test('the database is the one that the settings name', () => {
  const given = environmentOf(postgres);
  const { username, password, pathname } = new URL(environmentOf(api).DATABASE_URL ?? '');
  expect([given.POSTGRES_USER, given.POSTGRES_PASSWORD, `/${given.POSTGRES_DB}`]).toEqual([username, password, pathname]);
});

test('secrets are asked of the host and never in the file', () => {
  for (const name of ['SECRET_KEY', 'BOOTSTRAP_API_KEY', 'POSTGRES_PASSWORD']) expect(text).toContain(`\${${name}:?`);
});

test('each service says whether it is well, comes back, and waits for what it needs', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect([name, service.healthcheck?.test[0]]).toEqual([name, expect.stringMatching(/^CMD/)]);
    expect([name, service.restart]).toEqual([name, 'unless-stopped']);
  }
  for (const { depends_on: needs } of [api, worker])
    expect(needs).toEqual({ postgres: { condition: 'service_healthy' }, redis: { condition: 'service_healthy' } });
});

test.each(Object.entries({ api, worker }))(
  'the health check of %s asks the port it listens on, with a script that is in the image',
  (_role, service) => {
    const [, command, script = '', port] = service.healthcheck?.test ?? [];
    const environment = environmentOf(service);
    expect([command, port]).toEqual(['node', environment.WORKER_PORT ?? environment.PORT]);
    expect([existsSync(join(projectRoot, script)), isLeftOut(script)]).toEqual([true, false]);
  },
);

test('a stop leaves more time than a shutdown takes', () => {
  for (const service of [api, worker]) {
    const graceMs = Number.parseInt(service.stop_grace_period ?? '10s', 10) * 1000;
    expect(graceMs).toBeGreaterThan(loadConfig(environmentOf(service), projectRoot).shutdownMs);
  }
});

test('what must outlive a container is on a named volume', () => {
  expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql']); // where the image of 18 keeps its data
  expect(redis.volumes).toEqual(['redis:/data']);
  expect(Object.keys(compose.volumes).sort()).toEqual(['postgres', 'redis']);
});

test('everything the Dockerfile copies exists and is not kept out of the image', () => {
  const copied = instructions
    .filter(({ verb, line }) => verb === 'COPY' && !line.includes('--from='))
    .flatMap(({ rest }) => rest.slice(0, -1));
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', '.']));
  for (const path of copied) expect([path, existsSync(join(projectRoot, path)), isLeftOut(path)]).toEqual([path, true, false]);
  for (const path of ['src/main.ts', 'migrations/all.ts', 'bench', 'scripts/build.mjs', '.swcrc', 'src/demo/data', 'LICENSE'])
    expect([path, existsSync(join(projectRoot, path)), isLeftOut(path)]).toEqual([path, true, false]);
  for (const path of ['node_modules', 'dist', '.data/secret.key', '.env', '.env.local', '.git', 'muster-2026.backup'])
    expect([path, isLeftOut(path)]).toEqual([path, true]);
});

test('installing needs only what was copied before it', () => {
  const [build = []] = stages;
  const install = build.findIndex(({ line }) => /^RUN npm ci\b/.test(line));
  const before = build.slice(0, install).flatMap(({ rest }) => rest);
  expect(before).toEqual(expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc']));
  // Scripts that npm runs by itself after an install would need files that are not there yet.
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(manifest.scripts).not.toHaveProperty(name);
});

test('npm scripts and commands of the image exist, and it runs as nobody special on a Node.js that we support', () => {
  for (const [, name = ''] of read('Dockerfile').matchAll(/npm run ([\w-]+)/g)) expect(manifest.scripts).toHaveProperty(name);
  const last = stages.at(-1) ?? [];
  const command = JSON.parse(last.find(({ verb }) => verb === 'CMD')?.rest.join(' ') ?? '[]') as string[];
  expect(command.join(' ')).toBe(manifest.scripts.start);
  expect(last.map(({ line }) => line)).toContain('USER node');
  for (const { line } of instructions.filter(({ verb }) => verb === 'FROM')) expect(line).toMatch(/^FROM node:2[2-9]-slim\b/);
  expect(last.find(({ verb }) => verb === 'EXPOSE')?.rest).toEqual([environmentOf(api).PORT]);
  expect(last.find(({ verb }) => verb === 'ENV')?.rest).toEqual(
    expect.arrayContaining(['NODE_ENV=production', 'DATA_DIR=/data']),
  );
});
