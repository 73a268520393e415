/**
 * The GSM 7-bit default alphabet (3GPP TS 23.038) as a table from UTF-16 unit to cost: 1 septet, 2 for the extension
 * characters (an escape and a sign), 0 when the alphabet lacks it and the whole text must go as UCS-2.
 */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** Form feed, the brackets, and the sign people notice: the euro. */
const extension = '\f^{}\\[~]|€';

/** Indexed by UTF-16 code unit. The greatest unit with a cost is U+20AC (€); beyond the table everything is UCS-2. */
export const septets: Uint8Array = buildSeptets();

function buildSeptets(): Uint8Array {
  const table = new Uint8Array(0x20ac + 1);
  for (const char of basic) table[char.charCodeAt(0)] = 1;
  for (const char of extension) table[char.charCodeAt(0)] = 2;
  return table;
}

/** Septets of the whole text, or -1 when a character is not in the alphabet. */
export function countSeptets(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const cost = septets[text.charCodeAt(i)];
    if (!cost) return -1;
    sum += cost;
  }
  return sum;
}
