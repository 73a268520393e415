/**
 * Case folding as PostgreSQL's `lower()` does it under the C.UTF-8 locale: letter by letter, so no final sigma, and İ
 * becomes a plain i (JavaScript makes two characters of it). Both sides of a comparison are folded by the same function.
 */
export function fold(text: string): string {
  let folded = '';
  for (const letter of text) folded += letter === 'İ' ? 'i' : letter.toLowerCase();
  return folded;
}
