/** Digits of any script people type in (Persian, Arabic, full-width) as ASCII digits; all else stays as it is. */
const foreignDigits = /[٠-٩۰-۹०-९০-৯０-９]/g;

/** Where each of those runs of ten begins. */
const zeros = [0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10] as const;

export function asciiDigits(text: string): string {
  return text.replace(foreignDigits, char => {
    const code = char.charCodeAt(0);
    const zero = zeros.find(start => code >= start && code < start + 10) ?? code;
    return String(code - zero);
  });
}
