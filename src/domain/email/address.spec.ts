import { type EmailProblem, parseEmail } from './address.js';

describe('parseEmail', () => {
  test.each([
    ['ann@example.com', 'ann@example.com', 'example.com'],
    ['  Ann.Lee+news@Example.COM\n', 'ann.lee+news@example.com', 'example.com'],
    ['\u200eann@example.com\u200b', 'ann@example.com', 'example.com'],
    ["o'brien_1/x=y@mail.example.co.uk", "o'brien_1/x=y@mail.example.co.uk", 'mail.example.co.uk'],
    ['a@münchen.de', 'a@xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['a@MÜNCHEN.de', 'a@xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
    ['a@иван.рф', 'a@xn--80adrw.xn--p1ai', 'xn--80adrw.xn--p1ai'],
    ['a@ｅｘａｍｐｌｅ．com', 'a@example.com', 'example.com'],
    ['a@xn--80adrw.xn--p1ai', 'a@xn--80adrw.xn--p1ai', 'xn--80adrw.xn--p1ai'],
    ['1@2.io', '1@2.io', '2.io'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`, 'example.com'],
  ])('%j is %s', (input, address, domain) => {
    expect(parseEmail(input)).toEqual({ address, domain });
  });

  test.each<[string, EmailProblem]>([
    ['', 'empty'],
    [' \t\u200f', 'empty'],
    ['ann', 'no-at'],
    ['ann@a.com\r\nBcc: all@b.com', 'control-character'],
    ['ann@a.com\u0000', 'control-character'],
    ['ann\t@a.com', 'control-character'],
    ['Ann <ann@example.com>', 'display-name'],
    ['mailto:ann@example.com', 'display-name'],
    ['ann@a.com, bob@b.com', 'display-name'],
    ['ann@a.com;bob@b.com', 'display-name'],
    ['"ann lee"@example.com', 'display-name'],
    ['ann(work)@example.com', 'display-name'],
    ['a@b@example.com', 'local-part'],
    ['@example.com', 'local-part'],
    ['.ann@example.com', 'local-part'],
    ['ann.@example.com', 'local-part'],
    ['an..n@example.com', 'local-part'],
    ['ann lee@example.com', 'local-part'],
    ['änn@example.com', 'local-part'],
    [`${'a'.repeat(65)}@example.com`, 'local-part'],
    ['ann@', 'domain'],
    ['ann@localhost', 'domain'],
    ['ann@.com', 'domain'],
    ['ann@example..com', 'domain'],
    ['ann@example.com.', 'domain'],
    ['ann@-example.com', 'domain'],
    ['ann@example-.com', 'domain'],
    ['ann@exam_ple.com', 'domain'],
    ['ann@exam ple.com', 'domain'],
    ['ann@example.c', 'domain'],
    ['ann@127.0.0.1', 'domain'],
    ['ann@[127.0.0.1]', 'domain'],
    ['ann@ü/x.com', 'domain'],
    ['ann@ü℀.com', 'domain'],
    [`ann@${'a'.repeat(64)}.com`, 'domain'],
    [`ann@${'a.'.repeat(130)}com`, 'domain'],
    [`${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}.com`, 'too-long'],
  ])('%j is refused: %s', (input, invalid) => {
    expect(parseEmail(input)).toEqual({ invalid });
  });

  test('a flood of characters is refused at once', () => {
    expect(parseEmail(`${'a.'.repeat(300_000)}@example.com`)).toEqual({ invalid: 'too-long' });
  });

  test('parsing its own answer changes nothing', () => {
    const first = parseEmail('Ann@MÜNCHEN.de');
    expect('address' in first && parseEmail(first.address)).toEqual(first);
  });
});
