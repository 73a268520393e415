/** Settings: what is read from the environment, and the one line a wrong variable gets. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConfig, loadConfig } from '../../src/platform/config.js';
import { makeDataHome, resolveDataHome } from '../../src/platform/data-home.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-config-'));
  chmodSync(root, 0o755);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const load = (environment: Record<string, string> = {}) => loadConfig(environment, root);
const long = 'x'.repeat(32);

describe('what is read', () => {
  it('has a default for everything', () => {
    expect(load()).toMatchObject({
      dataDir: join(root, '.data'),
      role: 'all',
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      databaseUrl: null,
      redisUrl: null,
      bootstrapApiKey: null,
      sweepMs: 15_000,
      shutdownMs: 20_000,
    });
  });

  it('takes an empty variable as not set and ignores unknown ones', () => {
    expect(load({ PORT: '', REDIS_URL: '', FOO: 'bar' })).toMatchObject({ port: 3000, redisUrl: null });
  });

  it('lets others connect when the public URL is not this machine', () => {
    expect(load({ PUBLIC_URL: 'https://muster.example/' })).toMatchObject({
      host: '0.0.0.0',
      publicUrl: 'https://muster.example',
    });
    expect(load({ PUBLIC_URL: 'http://localhost:8080' }).host).toBe('127.0.0.1');
    expect(load({ PUBLIC_URL: 'https://muster.example', HOST: '127.0.0.1' }).host).toBe('127.0.0.1');
  });

  it('reads the proxies it may believe, and nothing that is no network', () => {
    expect(load().trustedProxies).toEqual([]);
    expect(load({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    for (const wrong of ['10.0.0.0/33', '10.0.0.1/', 'proxy', '10.0.0.1,', '1.2.3.4/8/8', '::1/129', '/8'])
      expect(() => load({ TRUSTED_PROXIES: wrong })).toThrow('TRUSTED_PROXIES: wanted addresses or networks');
  });

  it('reads fractions of a second', () => {
    expect(load({ SWEEP_SECONDS: '0.25', SHUTDOWN_SECONDS: '1.5' })).toMatchObject({ sweepMs: 250, shutdownMs: 1500 });
  });

  it('keeps the secret key it made, for this user only', () => {
    const { secretKey } = load();
    expect(secretKey).toMatch(/^[0-9a-f]{64}$/);
    expect(load().secretKey).toBe(secretKey);
    expect(statSync(join(root, '.data/secret.key')).mode & 0o777).toBe(0o600);
  });

  it('touches no file when the secret key is given', () => {
    expect(load({ SECRET_KEY: long }).secretKey).toBe(long);
    expect(existsSync(join(root, '.data'))).toBe(false);
  });

  it('masks secrets in its description', () => {
    const url = 'postgres://muster:hunter22@db.example/muster?sslpassword=hunter22';
    const text = JSON.stringify(describeConfig(load({ DATABASE_URL: url, SECRET_KEY: long, BOOTSTRAP_API_KEY: long })));
    expect(text).not.toMatch(/hunter22|xxxx/);
    expect(text).toContain('db.example');
  });
});

describe('what is refused, in one line that names the variable', () => {
  it.each([
    ['PORT', 'http', 'PORT: wanted a whole number from 0 to 65535, got "http"'],
    ['PORT', '65536', 'PORT: wanted a whole number from 0 to 65535, got "65536"'],
    ['PORT', '1e3', 'PORT: wanted a whole number from 0 to 65535, got "1e3"'],
    ['ROLE', 'Worker', 'ROLE: wanted one of api, worker, all, got "Worker"'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL: wanted one of trace, debug, info, warn, error, fatal, silent, got "loud"'],
    [
      'PUBLIC_URL',
      'muster.example',
      'PUBLIC_URL: wanted http://host or https://host, without path or query, got "muster.example"',
    ],
    [
      'PUBLIC_URL',
      'https://a.example/b',
      'PUBLIC_URL: wanted http://host or https://host, without path or query, got "https://a.example/b"',
    ],
    ['SWEEP_SECONDS', '0', 'SWEEP_SECONDS: wanted seconds from 0.05 to 3600, got "0"'],
    ['SECRET_KEY', 'short', 'SECRET_KEY: wanted at least 32 characters, got something else of 5 characters'],
    ['BOOTSTRAP_API_KEY', 'short', 'BOOTSTRAP_API_KEY: wanted at least 32 characters, got something else of 5 characters'],
    [
      'DATABASE_URL',
      'mysql://u:p@h/d',
      'DATABASE_URL: wanted a URL that starts with postgresql:// or postgres://, got something else of 15 characters',
    ],
    [
      'REDIS_URL',
      'localhost:6379',
      'REDIS_URL: wanted a URL that starts with redis:// or rediss://, got something else of 14 characters',
    ],
    ['PG_BIN', '/nowhere', 'PG_BIN: wanted a folder with initdb and postgres in it, got "/nowhere"'],
  ])('%s=%s', (name, value, line) => {
    expect(() => load({ [name]: value })).toThrow(line);
  });

  it('DATA_DIR below a file', () => {
    expect(() => load({ DATA_DIR: '/dev/null/data' })).toThrow(/^DATA_DIR: wanted a folder this user can write to \(.*\)$/);
  });
});

describe('where the data lives under root', () => {
  const asked = () => join(root, 'home/clone/.data');
  const isRoot = process.getuid?.() === 0;

  it('stays in the folder asked for when others can reach it', () => {
    expect(resolveDataHome(asked(), root, true)).toEqual({ path: asked(), asked: asked(), moved: false });
  });

  it('moves to the state folder when a home above is closed, the same one at each start', () => {
    mkdirSync(join(root, 'home'), { mode: 0o700 });
    const home = resolveDataHome(asked(), root, true);
    // The owner of a closed home can enter it, and under root the database runs as the owner: only a home of root's is in the way.
    if (!isRoot) return expect(home.moved).toBe(false);
    expect(home).toMatchObject({ moved: true, path: expect.stringMatching(/^\/var\/lib\/muster\/[0-9a-f]{12}$/) });
    expect(resolveDataHome(asked(), root, true)).toEqual(home);
  });

  it('says in the folder asked for where the data went', () => {
    const path = join(root, 'state');
    makeDataHome({ path, asked: asked(), moved: true });
    expect(readFileSync(join(asked(), 'where'), 'utf8')).toBe(`${path}\n`);
  });
});
