import PostalMime from 'postal-mime';
import { buildMime, buildMimeData } from './mime.js';
import { quotedPrintableBound, writeQuotedPrintable } from './quoted-printable.js';

const now = new Date('2026-11-22T09:00:00Z');
const mail = {
  to: 'ann@example.com',
  from: { name: 'Shop', address: 'shop@example.com' },
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  messageId: '<m.1.2.3.0@example.com>',
  headers: {},
  callbackUrl: '',
};
const built = (change: object) => buildMime({ ...mail, ...change }, now).toString('utf8');
const parsed = (change: object) => PostalMime.parse(built(change));

const texts = [
  '',
  'plain',
  'trailing space \nand tab\t\n end ',
  'سلام، دنیا — çğışö 👩‍👩‍👧 = 100 %',
  'x'.repeat(500),
  'é'.repeat(300),
  `${'a '.repeat(37)}\n${'b '.repeat(38)}c`,
  '.\n..\n.dot\nFrom me',
  '.'.repeat(400),
  `${'x'.repeat(75)}.${'y'.repeat(74)}.z`,
  'lone \ud800 half',
  '--=_muster_alternative--\n--=_muster_alternative',
  'one\rtwo\r\nthree\n\n\nfour',
];

function quotedPrintable(text: string): Buffer {
  const out = Buffer.alloc(quotedPrintableBound(text) + 1);
  return out.subarray(1, writeQuotedPrintable(text, out, 1));
}

/** As a reader does it: soft breaks go, escapes become bytes. */
function decode(encoded: string): string {
  const joined = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(joined, 'latin1').toString('utf8');
}

const asRead = (text: string): string => text.replace(/\r\n?/g, '\n').toWellFormed();

describe('quoted-printable', () => {
  test.each(texts)('%j comes back as it was, in lines of at most 76 characters', text => {
    const encoded = quotedPrintable(text).toString('latin1');
    expect(decode(encoded)).toBe(text.replace(/\r\n?|\n/g, '\r\n').toWellFormed());
    for (const line of encoded.split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(76);
      expect(line).toMatch(/^[\x21-\x7e\t ]*$/);
      expect(line).not.toMatch(/[ \t]$/);
      expect(line).not.toMatch(/^\./);
    }
  });
});

describe('a built mail', () => {
  test.each(texts)('with %j goes over SMTP as it is: no line begins with a dot but the last', text => {
    const mailOf = { ...mail, text, html: text, subject: text, headers: { 'X-A': text } };
    const room = Buffer.alloc(2_000);
    const built = buildMimeData(mailOf, now, {}, room);
    expect(built.buffer === room.buffer).toBe(built.length <= room.length);
    const data = built.toString('latin1');
    expect(data).toBe(`${buildMime(mailOf, now).toString('latin1')}.\r\n`);
    expect(data.split('\r\n').filter(line => /^\.|[\r\n]/.test(line))).toEqual(['.']);
  });

  test.each(texts)('carries %j as text and as HTML', async text => {
    const { text: plain, html } = await parsed({ text, html: `<p>${text}</p>` });
    expect((plain ?? '').trimEnd()).toBe(asRead(text).trimEnd());
    expect(html?.trimEnd()).toBe(`<p>${asRead(text)}</p>`);
  });

  test.each(['Hello', 'سلام دنیا '.repeat(12).trim(), '=?UTF-8?B?aGE=?=', 'a "quoted" \\ word', `${'long '.repeat(40)}end`])(
    'has the subject and the name %j',
    async words => {
      const { subject, from } = await parsed({ subject: words, from: { name: words, address: 'shop@example.com' } });
      expect(subject).toBe(words);
      expect(from).toEqual({ name: words, address: 'shop@example.com' });
    },
  );

  test('cannot be given lines of another’s making', async () => {
    const evil = 'Hi\r\nBcc: victim@example.com\r\n\r\n<script>';
    const { headers } = await parsed({
      subject: evil,
      from: { name: evil, address: 'a@example.com' },
      headers: { 'X-A': evil },
      messageId: evil,
    });
    expect(headers.map(({ key }) => key).sort()).toEqual([
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-a',
    ]);
  });

  test.each(['a@b.c\r\nBcc: x@y.z', 'a b@c.d', '@c.d', 'ab', '<a@b.c>'])('is not built for the address %j', to => {
    expect(() => built({ to })).toThrow('not an email address');
  });

  test('writes a domain of any script as the DNS knows it', async () => {
    expect((await parsed({ to: 'ann@bücher.example' })).to).toEqual([{ name: '', address: 'ann@xn--bcher-kva.example' }]);
  });

  test('has long headers in one piece, folded lines, and nothing but what was given', async () => {
    const url = `<https://example.com/u/${'A'.repeat(120)}>`;
    const raw = built({
      headers: { 'List-Unsubscribe': url, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      replyTo: 'reply@example.com',
    });
    const { headers, replyTo, date, messageId } = await PostalMime.parse(raw);
    expect(headers.find(({ key }) => key === 'list-unsubscribe')?.value).toBe(url);
    expect(replyTo).toEqual([{ name: '', address: 'reply@example.com' }]);
    expect([date, messageId]).toEqual([now.toISOString(), mail.messageId]);
  });
});
