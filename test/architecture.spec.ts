/**
 * The plan of the house as data: floors, who may import whom, and the habits that keep it readable. A failure is a sentence.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(__dirname, '..');

/** From the ground up. A room may import lower floors and itself; rooms of one floor do not know each other. */
const floors: string[][] = [
  ['domain'],
  ['contract'],
  ['platform'],
  ['accounts'],
  ['contacts'],
  ['templates', 'messages', 'gateways'],
  ['segments'],
  ['campaigns', 'automations', 'delivery', 'tracking', 'insights', 'webhooks', 'sandbox'],
  ['app.module.ts', 'queue-board.ts'],
  ['server.ts'],
  ['launch.ts'],
  ['main.ts', 'docs.ts', 'demo', 'backup'],
];

/** Packages that are pure enough for domain code, which also runs in a browser. */
const purePackages = ['handlebars', 'libphonenumber-js', 'temporal-polyfill', 'zod'];

/** What may stand between the name and .ts. */
const roles = ['module', 'controller', 'service', 'entity', 'sql', 'job', 'gateway', 'spec', 'filter', 'guard', 'd'];

type Source = { path: string; text: string; imports: string[] };

const sources: Source[] = listSources('src').map(path => {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, imports: [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(match => match[1] ?? '') };
});
const product = sources.filter(source => !source.path.endsWith('.spec.ts'));

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)));
}

/** The room of a file: its first folder under src, or the file itself at the top. */
const roomOf = (path: string): string => path.split('/')[1] ?? '';
const floorOf = (room: string): number => floors.findIndex(floor => floor.includes(room));
const targetOf = (from: string, spec: string): string => normalize(join(dirname(from), spec)).replace(/\.js$/, '.ts');
const local = (source: Source): string[] =>
  source.imports.filter(spec => spec.startsWith('.')).map(spec => targetOf(source.path, spec));

test('every file stands in a room of the plan', () => {
  expect(sources.filter(source => floorOf(roomOf(source.path)) < 0).map(source => source.path)).toEqual([]);
});

test('imports go down, and rooms of one floor do not know each other', () => {
  const wrong = product.flatMap(source =>
    local(source)
      .filter(target => target.startsWith('src/') && roomOf(target) !== roomOf(source.path))
      .filter(target => floorOf(roomOf(target)) >= floorOf(roomOf(source.path)))
      .map(target => `${source.path} imports ${target}: ${roomOf(target)} is not below ${roomOf(source.path)}`),
  );
  expect(wrong).toEqual([]);
});

test('domain imports nothing but itself and pure packages', () => {
  const wrong = product
    .filter(source => roomOf(source.path) === 'domain')
    .flatMap(source =>
      source.imports
        .filter(spec => !spec.startsWith('.') && !purePackages.some(name => spec === name || spec.startsWith(`${name}/`)))
        .map(spec => `${source.path} imports ${spec}`),
    );
  expect(wrong).toEqual([]);
});

test('contracts import only contracts, domain and zod', () => {
  const wrong = product
    .filter(source => roomOf(source.path) === 'contract')
    .flatMap(source =>
      source.imports.filter(spec => !spec.startsWith('.') && spec !== 'zod').map(spec => `${source.path} imports ${spec}`),
    );
  expect(wrong).toEqual([]);
});

test('files do not import each other in circles', () => {
  const graph = new Map(product.map(source => [source.path, local(source)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) return void circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test('the environment is read in platform/config.ts and nowhere else', () => {
  const allowed = ['src/platform/config.ts'];
  expect(
    product.filter(source => /process\.env/.test(source.text) && !allowed.includes(source.path)).map(source => source.path),
  ).toEqual([]);
});

test('the wall clock is read in platform/clock.ts and nowhere else', () => {
  const wrong = product.filter(
    source => /Date\.now\(\)|new Date\(\)/.test(source.text) && source.path !== 'src/platform/clock.ts',
  );
  expect(wrong.map(source => source.path)).toEqual([]);
});

test('there are no barrels, default exports, forward references or global rooms', () => {
  const bans: [RegExp, string][] = [
    [/^export \* from|^export \{[^}]*\} from/m, 'a barrel'],
    [/^export default/m, 'a default export'],
    [/forwardRef\(/, 'a forward reference'],
    [/synchronize: true/, 'schema synchronisation'],
  ];
  const wrong = product.flatMap(source =>
    bans.filter(([ban]) => ban.test(source.text)).map(([, what]) => `${source.path} has ${what}`),
  );
  const globals = product.filter(source => /@Global\(\)/.test(source.text) && source.path !== 'src/platform/platform.module.ts');
  expect([...wrong, ...globals.map(source => `${source.path} is global`)]).toEqual([]);
});

test('only the room that owns a table writes it', () => {
  const owners: Record<string, string> = {
    workspace: 'accounts',
    api_key: 'accounts',
    audit_entry: 'accounts',
    idempotency_key: 'accounts',
    retention: 'accounts',
    contact: 'contacts',
    identity: 'contacts',
    reach: 'contacts',
    consent: 'contacts',
    suppression: 'contacts',
    contact_event: 'contacts',
    event_seen: 'contacts',
    purchase: 'contacts',
    contact_value: 'contacts',
    list: 'contacts',
    list_member: 'contacts',
    tag: 'contacts',
    contact_tag: 'contacts',
    contact_note: 'contacts',
    bulk_edit: 'segments',
    bulk_edit_target: 'segments',
    import: 'contacts',
    import_reject: 'contacts',
    attribute: 'contacts',
    sensitive_field: 'contacts',
    import_mapping: 'contacts',
    segment: 'segments',
    template: 'templates',
    template_version: 'templates',
    template_partial: 'templates',
    gateway: 'gateways',
    campaign: 'campaigns',
    dispatch: 'messages',
    message: 'messages',
    message_event: 'messages',
    tally: 'messages',
    response_tally: 'messages',
    pace: 'delivery',
    gateway_callback: 'tracking',
    sandbox_message: 'sandbox',
  };
  const writes = /\b(?:insert into|update|delete from)\s+([a-z_]+)\b/g;
  const wrong = product.flatMap(source =>
    [...source.text.matchAll(writes)]
      .map(match => match[1] ?? '')
      .filter(table => owners[table] !== undefined && owners[table] !== roomOf(source.path))
      .map(table => `${source.path} writes ${table}, which belongs to ${owners[table]}`),
  );
  expect(wrong).toEqual([]);
});

test('file names say what the file is: kebab-case, then one of the known roles', () => {
  const wrong = sources
    .map(source => source.path.split('/').at(-1) ?? '')
    .filter(name => {
      const [base = '', ...rest] = name.replace(/\.ts$/, '').split('.');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) || rest.some(role => !roles.includes(role));
    });
  expect(wrong).toEqual([]);
});

test('every file begins by saying what it is', () => {
  const wrong = product.filter(source => !/^(\/\/|\/\*\*?)/.test(source.text)).map(source => source.path);
  expect(wrong).toEqual([]);
});

test('every migration is in the list that runs', () => {
  const listed = readFileSync(join(root, 'migrations/all.ts'), 'utf8');
  const files = readdirSync(join(root, 'migrations')).filter(name => name !== 'all.ts');
  expect(files.filter(name => !listed.includes(`./${name.replace(/\.ts$/, '.js')}`))).toEqual([]);
});
