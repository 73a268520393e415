/**
 * The one stable hash of the product: PostgreSQL's `hashint8extended(id, salt)`, i.e. Bob Jenkins' lookup3 final mix (public
 * domain) as PostgreSQL has computed it since version 11. It decides in which slot a contact lives: changing it would move
 * every contact, so it never changes.
 */

/** Slots of the ledger: a contact lives in one of them for ever. */
export const slotCount = 64;

/** The same number `hashint8extended` gives, as an unsigned 64-bit integer. */
export function hashId(id: string | bigint, salt = 0n): bigint {
  const value = BigInt.asIntN(64, BigInt(id));
  const low = Number(BigInt.asUintN(32, value));
  const high = Number(BigInt.asUintN(32, value >> 32n));
  const folded = value >= 0n ? low ^ high : low ^ ~high;
  return hashUint32Extended(folded >>> 0, BigInt.asUintN(64, salt));
}

/** The same as column `contact.slot`. */
export function slotOf(id: string | bigint): number {
  return Number(hashId(id) % BigInt(slotCount));
}

function hashUint32Extended(k: number, seed: bigint): bigint {
  const state: Mix = { a: (0x9e3779b9 + 4 + 3923095) | 0, b: (0x9e3779b9 + 4 + 3923095) | 0, c: (0x9e3779b9 + 4 + 3923095) | 0 };
  if (seed !== 0n) {
    state.a = (state.a + Number(seed >> 32n)) | 0;
    state.b = (state.b + Number(seed & 0xffffffffn)) | 0;
    mix(state);
  }
  state.a = (state.a + k) | 0;
  final(state);
  return (BigInt(state.b >>> 0) << 32n) | BigInt(state.c >>> 0);
}

type Mix = { a: number; b: number; c: number };

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

function mix(s: Mix): void {
  s.a = (s.a - s.c) ^ rotate(s.c, 4);
  s.c = (s.c + s.b) | 0;
  s.b = (s.b - s.a) ^ rotate(s.a, 6);
  s.a = (s.a + s.c) | 0;
  s.c = (s.c - s.b) ^ rotate(s.b, 8);
  s.b = (s.b + s.a) | 0;
  s.a = (s.a - s.c) ^ rotate(s.c, 16);
  s.c = (s.c + s.b) | 0;
  s.b = (s.b - s.a) ^ rotate(s.a, 19);
  s.a = (s.a + s.c) | 0;
  s.c = (s.c - s.b) ^ rotate(s.b, 4);
  s.b = (s.b + s.a) | 0;
}

function final(s: Mix): void {
  s.c = (s.c ^ s.b) - rotate(s.b, 14);
  s.a = (s.a ^ s.c) - rotate(s.c, 11);
  s.b = (s.b ^ s.a) - rotate(s.a, 25);
  s.c = (s.c ^ s.b) - rotate(s.b, 16);
  s.a = (s.a ^ s.c) - rotate(s.c, 4);
  s.b = (s.b ^ s.a) - rotate(s.a, 14);
  s.c = (s.c ^ s.b) - rotate(s.b, 24);
}
