/** The starter messages shipped in `templates/` at the top of the project: read once, on first use. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export type StarterWords = {
  readonly locale: string;
  readonly sms: string;
  readonly mjml: string;
  readonly subject: string;
  readonly preheader: string;
  /** Merge values to show it with. */
  readonly sample: Readonly<Record<string, string>>;
};

export type Starter = {
  readonly recipe: string;
  readonly about: string;
  /** What [[blanks]] are filled with when nothing else is given. */
  readonly blanks: Readonly<Record<string, string>>;
  readonly words: readonly StarterWords[];
};

const values = z.record(z.string(), z.string());
const recipeFile = z.strictObject({ about: z.string(), blanks: values });
const emailFile = z.strictObject({ subject: z.string(), preheader: z.string(), sample: values });

let read: Promise<readonly Starter[]> | null = null;

export function readStarters(): Promise<readonly Starter[]> {
  read ??= readAll();
  return read;
}

/** The words with their blanks filled, as a person would have typed them; `escape` makes them fit the markup. */
export function fillBlanks(
  words: string,
  blanks: Readonly<Record<string, string>>,
  escape = (value: string): string => value,
): string {
  return words.replace(/\[\[(\w+)\]\]/g, (blank, name: string) => (Object.hasOwn(blanks, name) ? escape(blanks[name]!) : blank));
}

async function readAll(): Promise<Starter[]> {
  const root = starterFolder();
  const recipes = await foldersIn(root);
  return Promise.all(
    recipes.map(async recipe => {
      const folder = join(root, recipe);
      const locales = await foldersIn(folder);
      const words = await Promise.all(locales.map(locale => readWords(join(folder, locale), locale)));
      return { recipe, ...recipeFile.parse(await readJson(join(folder, 'recipe.json'))), words };
    }),
  );
}

async function readWords(folder: string, locale: string): Promise<StarterWords> {
  const [sms, mjml, email] = await Promise.all([
    readFile(join(folder, 'sms.hbs'), 'utf8'),
    readFile(join(folder, 'email.mjml'), 'utf8'),
    readJson(join(folder, 'email.json')),
  ]);
  return { locale, sms: sms.trimEnd(), mjml, ...emailFile.parse(email) };
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Two levels above src/templates, three above dist/src/templates. */
function starterFolder(): string {
  const folders = ['../../templates', '../../../templates'].map(path => join(import.meta.dirname, path));
  const found = folders.find(folder => existsSync(join(folder, 'README.md')));
  if (!found) throw new Error(`the starter messages are missing: there is no ${folders.join(' and no ')}`);
  return found;
}
