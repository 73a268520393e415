/** Header fields of a mail: encoded (RFC 2047), folded, and proof against injected lines. Pure. */
import { domainToASCII } from 'node:url';

/** Recommended line length, without the line's end. */
const lineLimit = 76;
/** Bytes of text per encoded word: 45 become 60 characters, and "=?UTF-8?B??=" takes 12 of the 75 a word may have. */
const wordBytes = 45;

/** One header field. Line breaks and NULs in the value become spaces; the name is chosen by code and checked. */
export function headerField(name: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) throw new Error(`not a header name: ${name.slice(0, 80)}`);
  return fold(`${name}: ${oneLine(value)}`);
}

/** Text of any script, as plain words or encoded ones. */
export function encodeText(text: string): string {
  const line = oneLine(text);
  return isPlain(line) ? line : encodedWords(line);
}

/** `"Name" <address>`, or the bare address. */
export function mailboxText(name: string | undefined, address: string): string {
  const plain = oneLine(name ?? '').trim();
  if (plain === '') return asciiAddress(address);
  const shown = isPlain(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}"` : encodedWords(plain);
  return `${shown} <${asciiAddress(address)}>`;
}

/** The domain as the DNS knows it; the part before "@" as it is. An address with a break or a bracket in it is none. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1));
  if (at < 1 || domain === '' || /[\s<>\0]/.test(address)) throw new Error('not an email address');
  return `${address.slice(0, at)}@${domain}`;
}

const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text) && !text.includes('=?');

function encodedWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  let bytes = 0;
  for (const character of text) {
    const size = Buffer.byteLength(character);
    if (bytes + size > wordBytes) {
      words.push(chunk);
      [chunk, bytes] = ['', 0];
    }
    chunk += character;
    bytes += size;
  }
  return [...words, chunk].map(word => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

/** Breaks at spaces; a word longer than a line stays whole (1000 characters are allowed). */
function fold(field: string): string {
  if (field.length <= lineLimit) return field;
  const lines: string[] = [];
  let line = '';
  for (const word of field.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > lineLimit) {
      lines.push(line);
      line = '';
      if (word === '') continue;
    }
    line = line === '' && lines.length === 0 ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\r\n');
}
