import { parsePhone, type ParsedPhone, phoneDigits, type PhoneProblem } from './e164.js';

describe('parsePhone', () => {
  test.each<[string, string, string]>([
    ['+12125550123', 'GB', '+12125550123'],
    ['(212) 555-0123', 'US', '+12125550123'],
    ['1 212.555.0123', 'us', '+12125550123'],
    ['212–555—0123', 'US', '+12125550123'],
    ['tel:+1-212-555-0123', 'IR', '+12125550123'],
    ['+1 212 555 0123 ext. 42', 'US', '+12125550123'],
    ['+1 212 555 0123;ext=42', 'US', '+12125550123'],
    ['0912 345 6789', 'IR', '+989123456789'],
    ['۰۹۱۲۳۴۵۶۷۸۹', 'IR', '+989123456789'],
    ['٠٠٩٨ ٩١٢ ٣٤٥ ٦٧٨٩', 'US', '+989123456789'],
    ['\u200e+98\u00a0912\u200f 345 6789\u202c', 'US', '+989123456789'],
    ['+98 (0)912 345 6789', 'US', '+989123456789'],
    ['9123456789', 'IR', '+989123456789'],
    ['9123456789.0', 'IR', '+989123456789'],
    ["'+989123456789", 'IR', '+989123456789'],
    ['00989123456789', 'US', '+989123456789'],
    ['０７７００ ９００１２３', 'GB', '+447700900123'],
    ['8 (916) 123-45-67', 'RU', '+79161234567'],
    ['030/23125-123', 'DE', '+493023125123'],
    ['0532 555 01 23', 'TR', '+905325550123'],
    ['050 555 01 23', 'AZ', '+994505550123'],
    ['050 1234567', 'FI', '+358501234567'],
    ['+39 0391 98100', 'US', '+39039198100'],
    ['+2125550123 ', 'MA', 'invalid'],
  ])('%j in %s is %s', (input, country, e164) => {
    const parsed = parsePhone(input, country);
    expect('e164' in parsed ? parsed.e164 : 'invalid').toBe(e164);
  });

  test.each<[string, string, Omit<ParsedPhone, 'e164'>]>([
    ['+12125550123', 'US', { country: 'US', areaCode: '212', lineType: 'fixed-or-mobile' }],
    ['+18005550199', 'US', { country: 'US', areaCode: null, lineType: 'toll-free' }],
    ['02122334455', 'IR', { country: 'IR', areaCode: '21', lineType: 'fixed' }],
    ['0912 000 0000', 'IR', { country: 'IR', areaCode: null, lineType: 'mobile' }],
    ['+358 9 1234567', 'US', { country: 'FI', areaCode: '9', lineType: 'fixed' }],
    ['+7 701 234 56 78', 'RU', { country: 'KZ', areaCode: null, lineType: 'mobile' }],
    ['8 495 123 45 67', 'RU', { country: 'RU', areaCode: '495', lineType: 'fixed' }],
    ['+80012345678', 'US', { country: null, areaCode: null, lineType: 'toll-free' }],
    ['+88213300655', 'US', { country: null, areaCode: null, lineType: 'voip' }],
    ['+44 7624 000000', 'GB', { country: 'IM', areaCode: null, lineType: 'mobile' }],
    ['+44 70 1234 5678', 'GB', { country: 'GB', areaCode: null, lineType: 'other' }],
    ['+1 809 555 0123', 'US', { country: 'DO', areaCode: '809', lineType: 'fixed-or-mobile' }],
  ])('%s in %s is described', (input, country, expected) => {
    expect(parsePhone(input, country)).toMatchObject(expected);
  });

  test.each<[string, string, Omit<ParsedPhone, 'e164'>]>([
    ['07700 900123', 'GB', { country: 'GB', areaCode: null, lineType: 'mobile' }],
    ['01632 960123', 'GB', { country: 'GB', areaCode: '1632', lineType: 'fixed' }],
    ['020 7946 0123', 'GB', { country: 'GB', areaCode: '20', lineType: 'fixed' }],
    ['0115 496 0123', 'GB', { country: 'GB', areaCode: '115', lineType: 'fixed' }],
    ['0161 496 0123', 'GB', { country: 'GB', areaCode: '161', lineType: 'fixed' }],
    ['907-555-0199', 'US', { country: 'US', areaCode: '907', lineType: 'fixed-or-mobile' }],
    ['030 23125 999', 'DE', { country: 'DE', areaCode: '30', lineType: 'fixed' }],
    ['0171 39200 12', 'DE', { country: 'DE', areaCode: null, lineType: 'mobile' }],
    ['06 39 98 12 34', 'FR', { country: 'FR', areaCode: null, lineType: 'mobile' }],
    ['020 912 3456', 'IE', { country: 'IE', areaCode: null, lineType: 'fixed' }],
  ])('%s (%s), reserved for fiction, passes', (input, country, expected) => {
    expect(parsePhone(input, country)).toMatchObject(expected);
  });

  test.each<[string, string, PhoneProblem]>([
    ['', 'US', 'empty'],
    [' \u200e ', 'US', 'empty'],
    ['call me', 'US', 'not-a-number'],
    ['1-800-FLOWERS', 'US', 'not-a-number'],
    ['9.89123E+11', 'IR', 'not-a-number'],
    ['++12125550123', 'US', 'not-a-number'],
    ['212-555-0123; drop table contact', 'US', 'not-a-number'],
    ['+1', 'US', 'too-short'],
    ['1234567', 'US', 'too-short'],
    ['+4930', 'DE', 'too-short'],
    ['911', 'US', 'too-short'],
    ['212-555-0123 / 212-555-0199', 'US', 'too-long'],
    ['447700900123', 'US', 'too-long'],
    ['+999123456', 'US', 'unknown-country'],
    ['+0912345678', 'IR', 'unknown-country'],
    ['0912 345 6789', 'XX', 'unknown-country'],
    ['0912 345 6789', '', 'unknown-country'],
    ['+1 555 555 5555', 'US', 'not-valid'],
    ['0176 040690', 'DE', 'not-valid'],
  ])('%j in %s is refused as %s', (input, country, invalid) => {
    expect(parsePhone(input, country)).toEqual({ invalid });
  });

  test('refuses a flood of characters at once', () => {
    expect(parsePhone('9'.repeat(500_000), 'US')).toEqual({ invalid: 'too-long' });
    expect(parsePhone(`1${' '.repeat(500_000)}1`, 'US')).toEqual({ invalid: 'too-long' });
    expect(phoneDigits(`1${' '.repeat(500_000)}1`)).toBe('');
  });

  test('a stored number parses to itself', () => {
    for (const input of ['+12125550123', '+447700900123', '+989123456789', '+39039198100']) {
      expect(parsePhone(input, 'US')).toMatchObject({ e164: input });
    }
  });
});

describe('phoneDigits', () => {
  test.each([
    ['0912 345', '912345'],
    ['+98 (0)912-345', '98912345'],
    ['0098912', '98912'],
    ['۰۹۱۲', '912'],
    ['(212) 555', '212555'],
    ['555-0123', '5550123'],
    ['', ''],
    ['0', ''],
    ['+', ''],
    ['Ali 12', ''],
    ['a@b.c', ''],
  ])('%j → %j', (text, digits) => {
    expect(phoneDigits(text)).toBe(digits);
  });
});
