/**
 * What a national number says about its place: the area code of a landline, by rules of the country's number plan.
 * Mobile numbers carry no place outside the North American plan (+1), where an area code is kept for life even when
 * its owner moved: a hint, not an address.
 */
export const lineTypes = ['mobile', 'fixed', 'fixed-or-mobile', 'toll-free', 'premium', 'voip', 'other', 'unknown'] as const;
export type LineType = (typeof lineTypes)[number];

/** Countries and territories that share +1; all of them have three-digit area codes. */
const northAmerica = new Set('US CA AG AI AS BB BM BS DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI'.split(' '));

/** Landline area codes by country, without the trunk digit (0 or 8). A country that is not here has none to offer. */
const landlinePlans: Readonly<Record<string, (national: string) => string>> = {
  IR: national => national.slice(0, 2),
  TR: national => national.slice(0, 3),
  AZ: national => national.slice(0, 2),
  RU: national => national.slice(0, 3),
  // 2, 3, 5, 6, 8 and 9 (Helsinki) are whole codes; those that begin with 1 have two digits (13 Joensuu … 19 Nurmijärvi).
  FI: national => national.slice(0, national.startsWith('1') ? 2 : 1),
  GB: britishAreaCode,
  GG: britishAreaCode,
  IM: britishAreaCode,
  JE: britishAreaCode,
  DE: germanAreaCode,
};

/** `country` is ISO 3166 alpha-2. Null means that the number names no place. */
export function areaCodeOf(country: string | null, nationalNumber: string, lineType: LineType): string | null {
  if (country === null) return null;
  if (northAmerica.has(country)) return hasNorthAmericanPlace(lineType) ? nationalNumber.slice(0, 3) : null;
  return lineType === 'fixed' ? (landlinePlans[country]?.(nationalNumber) ?? null) : null;
}

function hasNorthAmericanPlace(lineType: LineType): boolean {
  return lineType === 'fixed' || lineType === 'mobile' || lineType === 'fixed-or-mobile';
}

/** The twelve British codes of five digits, all in Cumbria and its neighbours, where one exchange was split by place. */
const britishFiveDigitCodes = new Set('13873 15242 15394 15395 15396 16973 16974 16977 17683 17684 17687 19467'.split(' '));

/** 02x are two digits (20 London), 011x and 01x1 three (113 Leeds, 161 Manchester), other 01 codes four, a few five. */
function britishAreaCode(national: string): string {
  if (national.startsWith('2')) return national.slice(0, 2);
  if (/^1(1|\d1)/.test(national)) return national.slice(0, 3);
  const five = national.slice(0, 5);
  return britishFiveDigitCodes.has(five) ? five : national.slice(0, 4);
}

/** Berlin, Hamburg, Frankfurt am Main, Munich. */
const germanTwoDigitCodes = new Set(['30', '40', '69', '89']);

/** Three-digit codes outside the xy1 rule: the Ruhr and Rhine cities, the East German cities, Donauwörth. */
const germanThreeDigitCodes = new Set('202 203 208 209 212 214 228 234 335 340 345 355 365 375 385 395 906'.split(' '));

/**
 * Cities have two or three digits, West German places four. In the east (03…) villages have five, which no short rule
 * separates from the towns' four: there we keep four digits, which names the surroundings and not the village.
 */
function germanAreaCode(national: string): string {
  const two = national.slice(0, 2);
  if (germanTwoDigitCodes.has(two)) return two;
  const three = national.slice(0, 3);
  return germanThreeDigitCodes.has(three) || /^[2-9]\d1/.test(three) ? three : national.slice(0, 4);
}
