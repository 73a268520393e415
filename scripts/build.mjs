// Compiles src/ and migrations/ to dist/ with SWC (types are checked by `npm run check`, not here).
// dist/ is made beside the old one and swapped in when whole, so an interrupted build never leaves half a program.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Builds into `dist/`; returns the number of files compiled. */
export async function build() {
  const target = join(root, `dist.${process.pid}`);
  const sources = (await Promise.all(['src', 'migrations', 'bench'].map(listSources))).flat();
  for (const source of sources) {
    const out = join(target, relative(root, source)).replace(/\.ts$/, '.js');
    const { code, map } = await transformFile(source, { swcrc: true, configFile: join(root, '.swcrc'), sourceFileName: source });
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${code}\n//# sourceMappingURL=${out.split('/').pop()}.map\n`);
    if (map) await writeFile(`${out}.map`, map);
  }
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await rename(target, join(root, 'dist'));
  return sources.length;
}

async function listSources(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map(entry => join(entry.parentPath, entry.name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(`built ${await build()} files`);
