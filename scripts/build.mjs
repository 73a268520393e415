// Compiles src/, migrations/ and bench/ to dist/ with SWC (types are checked by `npm run check`, not here). dist/ is made beside
// the old one and swapped in when whole, so an interrupted build never leaves half a program; dist/.stamp says what it was built from.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { giveToOwner, root } from './lib/project.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, '.stamp');
const folders = ['src', 'migrations', 'bench'];

/** True when dist/ is missing or was built from other sources. A shipped dist/ without its sources is never stale. */
export async function isStale() {
  if (!existsSync(stampFile)) return true;
  const sources = await listSources();
  return sources.length > 0 && readFileSync(stampFile, 'utf8') !== stampOf(sources);
}

/** Builds into `dist/`; returns the number of files compiled. */
export async function build() {
  const { transformFile } = await import('@swc/core'); // a dev dependency: absent where a dist/ is shipped
  const sources = await listSources();
  const stamp = stampOf(sources); // before compiling: a file that changes meanwhile makes the result stale
  const draft = `${dist}.new-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await inParallel(sources, source => compile(transformFile, source, draft));
  await writeFile(join(draft, '.stamp'), stamp);
  await swapIn(draft);
  return sources.length;
}

async function compile(transformFile, source, draft) {
  const out = join(draft, relative(root, source)).replace(/\.ts$/, '.js');
  const { code, map } = await transformFile(source, { swcrc: true, configFile: join(root, '.swcrc'), sourceFileName: source });
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${code}\n//# sourceMappingURL=${out.split('/').pop()}.map\n`);
  if (map) await writeFile(`${out}.map`, map);
}

async function swapIn(draft) {
  const old = `${dist}.old-${process.pid}`;
  if (existsSync(dist)) await rename(dist, old);
  await rename(draft, dist);
  giveToOwner(dist);
  await rm(old, { recursive: true, force: true });
  for (const name of await readdir(root))
    // what killed builds left
    if (/^dist\.(new|old)-\d+$/.test(name) && !isAlive(Number(name.split('-')[1])))
      await rm(join(root, name), { recursive: true, force: true });
}

/** Names and contents of everything the build reads; times would call a copied tree stale. */
function stampOf(sources) {
  const hash = createHash('sha256');
  for (const file of [...sources, join(root, '.swcrc'), fileURLToPath(import.meta.url)]) {
    hash.update(`${relative(root, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

async function listSources() {
  const lists = await Promise.all(
    folders.map(folder => readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])),
  );
  return lists
    .flat()
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

async function inParallel(items, work) {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--if-stale') && !(await isStale())) console.log('dist is up to date');
  else console.log(`built ${await build()} files`);
}
