// Every starter message as its recipient sees it: golden files, to be read by people who speak the language.
import { expectGolden } from '../../test/support/golden.js';
import { countParts } from '../domain/sms/encoding.js';
import { compileContent } from './compiled-content.js';
import { checkContent, toSource } from './content-check.js';
import { Registry } from '../contacts/attributes/registry.js';
import { fieldWords } from './merge-fields.js';
import { readStarters } from './starter-files.js';
import { filled } from './starters.service.js';

const words = { partials: new Map(), ...fieldWords(new Registry([], new Set())) };
const send = { workspaceName: 'Pohjola', unsubscribeUrl: 'https://muster.example/u/x' };
const recipes = ['abandoned-cart', 'birthday', 'post-purchase', 'welcome', 'win-back'];
const locales = ['az', 'en', 'fa', 'fi', 'ru', 'tr'];

test('there is every recipe in every language', async () => {
  const starters = await readStarters();
  expect(starters.map(({ recipe, words: known }) => [recipe, known.map(({ locale }) => locale)])).toEqual(
    recipes.map(recipe => [recipe, locales]),
  );
});

describe.each(recipes)('the starter %s', recipe => {
  test.each(locales)('in %s reads as its golden files', async locale => {
    const starter = (await readStarters()).find(known => known.recipe === recipe)!;
    const known = starter.words.find(candidate => candidate.locale === locale)!;
    const render = async (channel: 'sms' | 'email', values: object) => {
      const content = await checkContent(filled(known, channel, starter.blanks), words);
      return compileContent(toSource(content)).render({ ...send, ...values });
    };
    const folder = `starters/${recipe}/${locale}`;
    const [named, nameless] = [await render('sms', known.sample), await render('sms', {})];
    const email = await render('email', known.sample);
    if (named.channel !== 'sms' || nameless.channel !== 'sms' || email.channel !== 'email')
      throw new Error('a channel was mixed up');
    expectGolden(`${folder}/sms.txt`, `${named.text}\n---\n${nameless.text}\n`);
    expectGolden(`${folder}/email.txt`, `${email.subject}\n---\n${email.text}\n`);
    expectGolden(`${folder}/email.html`, email.html);

    expect(countParts(named.text).parts).toBeLessThanOrEqual(3);
    expect(named.text + nameless.text + email.subject + email.html + email.text).not.toMatch(/\[\[|\{\{/);
    expect(email.html).toContain(`lang="${locale}"`);
    expect(email.html).toContain(send.unsubscribeUrl);
    expect(/dir="rtl"/.test(email.html)).toBe(locale === 'fa');
  });
});
