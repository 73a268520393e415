import type { WrittenContent, WrittenEmail } from './content-check.js';
import { lintContent } from './lint.js';
import { Registry } from '../contacts/attributes/registry.js';
import { fieldWords } from './merge-fields.js';

const words = { partials: new Map(), ...fieldWords(new Registry([], new Set())) };
const leave = '<a href="{{unsubscribeUrl}}">Leave</a>';
const email = (change: Partial<WrittenEmail>): WrittenEmail => ({
  ...{ channel: 'email', subject: 'Hi', preheader: 'Look', html: leave, mjml: null, text: 'x' },
  ...change,
});
const found = async (source: WrittenContent, isMarketing = true) =>
  (await lintContent(source, isMarketing, words)).map(({ code, pointer, line, column }) => [code, pointer, line, column]);

test.each<[string, WrittenContent, unknown[]]>([
  ['nothing', email({}), []],
  ['a mistake', email({ html: '<p>\n{{nope}}</p>' }), ['invalid', '/html', 2, 1]],
  ['a hole', email({ html: `${leave}\n {{firstName}}` }), ['no-fallback', '/html', 2, 4]],
  ['no way out', email({ html: '<p>x</p>' }), ['no-unsubscribe', '/html', null, null]],
  ['an image without words', email({ html: `${leave}\n<img src="https://a.example/x.png">` }), ['no-alt', '/html', 2, 1]],
  ['a plain link', email({ html: `${leave}<a href="http://a.example">x</a>` }), ['no-https', '/html', 1, 39]],
  ['a relative link', email({ html: `${leave}<a href="/x">x</a>` }), ['relative-link', '/html', 1, 39]],
  ['a long subject', email({ subject: 'x'.repeat(61) }), ['long-subject', '/subject', null, null]],
  ['no preheader', email({ preheader: null }), ['no-preheader', '/preheader', null, null]],
  ['a long mail', email({ html: `${leave}${'x'.repeat(103_000)}` }), ['clipped', '/html', null, null]],
  ['a shortened link', { channel: 'sms', body: 'Go\nhttps://bit.ly/x' }, ['link-shortener', '/body', 2, 1]],
  ['a long SMS', { channel: 'sms', body: 'x'.repeat(161) }, ['many-parts', '/body', null, null]],
  ['a letter outside GSM-7', { channel: 'sms', body: 'ş' }, ['not-gsm7', '/body', null, null]],
])('%s is found', async (_name, source, expected) => {
  expect(await found(source)).toEqual(expected.length > 0 ? [expected] : []);
});

test('a field asked for first, or given a fallback, leaves no hole; a receipt needs no way out', async () => {
  const html = '{{#if firstName}}{{firstName}}{{/if}}{{default city "x"}}{{#unless city}}y{{else}}{{city}}{{/unless}}';
  expect(await found(email({ html }), false)).toEqual([]);
});
