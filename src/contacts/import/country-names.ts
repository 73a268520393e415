// English country names → ISO 3166-1 codes, from the runtime's own tables and a few names people use instead.
import { isoCountry } from '../../contract/places.js';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

const alsoCalled: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  britain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  turkey: 'TR',
  'russian federation': 'RU',
  'islamic republic of iran': 'IR',
  'south korea': 'KR',
  'north korea': 'KP',
  holland: 'NL',
  eire: 'IE',
  rsa: 'ZA',
  uae: 'AE',
  'czech republic': 'CZ',
  'channel islands': 'JE',
  'hong kong': 'HK',
  macedonia: 'MK',
  'ivory coast': 'CI',
  burma: 'MM',
  swaziland: 'SZ',
  'viet nam': 'VN',
  kosovo: 'XK',
};

class CountryNames {
  private readonly byName = new Map<string, string>(Object.entries(alsoCalled));
  private readonly codes = new Set<string>();

  constructor() {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    for (const code of letters.flatMap(first => letters.map(second => first + second))) {
      const name = isCurrent(code) && isoCountry.safeParse(code).success ? names.of(code) : undefined;
      if (name === undefined) continue;
      this.codes.add(code);
      this.byName.set(name.toLowerCase(), code);
    }
  }

  hasCode(code: string): boolean {
    return this.codes.has(code);
  }

  codeOf(name: string): string | undefined {
    return this.byName.get(name.toLowerCase().replace(/^the /, ''));
  }
}

/** False for codes that another one replaced: UK (GB), DD (DE). */
function isCurrent(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region === code;
}

export const countryNames = new CountryNames();
