/**
 * Number ranges that regulators set aside for films and tests and that the library's plan therefore calls invalid.
 * We take them: sample data, demos and tests must never reach a real person. (The US 555-01xx, the German and most
 * British drama numbers are inside valid ranges and need no line here.)
 */
import type { LineType } from './number-plan.js';

type Range = { country: string; lineType: LineType; pattern: RegExp };

/** By calling code; patterns match the whole national number. Sources: Ofcom drama numbers, ARCEP numbering plan, ComReg. */
const ranges: Readonly<Record<string, readonly Range[]>> = {
  '44': [
    { country: 'GB', lineType: 'mobile', pattern: /^7700900\d{3}$/ },
    { country: 'GB', lineType: 'fixed', pattern: /^1632960\d{3}$/ },
    { country: 'GB', lineType: 'fixed', pattern: /^1154960\d{3}$/ },
  ],
  '33': [{ country: 'FR', lineType: 'mobile', pattern: /^63998\d{4}$/ }],
  '353': [{ country: 'IE', lineType: 'fixed', pattern: /^2091\d{5}$/ }],
};

export function fictionRange(callingCode: string, nationalNumber: string): { country: string; lineType: LineType } | null {
  return ranges[callingCode]?.find(range => range.pattern.test(nationalNumber)) ?? null;
}
