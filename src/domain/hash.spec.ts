import { bucketOf, bucketSql, hashId, slotOf, slotSql } from './hash.js';
import { sql } from './sql.js';

/** What PostgreSQL answers: id, hashint8extended(id, 0), hashint8extended(id, 42). The same on 15 to 18. */
const vectors = [
  ['0', '4154612158245552303', '-8162688053457160230'],
  ['1', '-3670598878359251130', '2207685931686633351'],
  ['2', '3647684041653542134', '403280637362415369'],
  ['42', '8010225493015854792', '826591455424871831'],
  ['63', '4420999295465094109', '8394989148399697338'],
  ['64', '-1958705159725140768', '9074029823801795367'],
  ['-1', '-1888257769727981238', '-2218543911767281624'],
  ['-2', '495194309054116481', '-1226201338530249119'],
  ['-42', '8809670066178192187', '-6006881497098830780'],
  ['1000000', '8952854757942890677', '-5779214846245552252'],
  ['2147483647', '-9109110466470504941', '-4216469540329842178'],
  ['2147483648', '1977219185673256887', '2517197663604715469'],
  ['4294967295', '-1888257769727981238', '-2218543911767281624'],
  ['4294967296', '-3670598878359251130', '2207685931686633351'],
  ['4294967297', '4154612158245552303', '-8162688053457160230'],
  ['9007199254740993', '-6408898991662627045', '-3602259251971592742'],
  ['123456789012345', '6283493225420036195', '7020352300508702583'],
  ['-4294967296', '4154612158245552303', '-8162688053457160230'],
  ['-4294967297', '495194309054116481', '-1226201338530249119'],
  ['-9007199254740993', '-1098422604515490946', '-2053759305162118240'],
  ['9223372036854775807', '1977219185673256887', '2517197663604715469'],
  ['-9223372036854775808', '-9109110466470504941', '-4216469540329842178'],
] as const;

/** id, salt, hashint8extended(id, salt): salts that need both halves of 64 bits, and negative ones. */
const salted = [
  ['1', '-1', '1505930170527472848'],
  ['77', '4294967296', '-3960232740623430690'],
  ['77', '-9223372036854775808', '5527034504126564644'],
  ['-5', '9223372036854775807', '5378926849715493443'],
  ['99999999999', '1234567890123', '913423918774858380'],
] as const;

const signed = (hash: bigint): string => BigInt.asIntN(64, hash).toString();

describe('stable hash', () => {
  test.each(vectors)('id %s hashes as in PostgreSQL', (id, plain, with42) => {
    expect(signed(hashId(id))).toBe(plain);
    expect(signed(hashId(BigInt(id), 42n))).toBe(with42);
  });

  test.each(salted)('id %s with salt %s hashes as in PostgreSQL', (id, salt, hash) => {
    expect(signed(hashId(id, BigInt(salt)))).toBe(hash);
  });

  test.each([
    ['1', 6, 51],
    ['2', 54, 69],
    ['3', 23, 94],
    ['1000000', 53, 56],
    ['-7', 63, 2],
  ])('contact %s lives in slot %i and bucket %i of 100', (id, slot, bucket) => {
    expect(slotOf(id)).toBe(slot);
    expect(bucketOf(id, 42n, 100)).toBe(bucket);
  });

  test('slots are even: 64 000 ids spread within an eighth of the mean', () => {
    const counts = new Array<number>(64).fill(0);
    for (let id = 1; id <= 64_000; id++) counts[slotOf(String(id))]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(875);
    expect(Math.max(...counts)).toBeLessThan(1125);
  });

  test('the SQL twins carry the salt as a signed value', () => {
    expect(slotSql(sql`c.contact_id`).render()).toEqual({ text: '(hashint8extended(c.contact_id, 0) & 63)', values: [] });
    expect(bucketSql(sql`c.contact_id`, 2n ** 64n - 1n, 10).render()).toEqual({
      text: '((hashint8extended(c.contact_id, $1::bigint) & 9223372036854775807) % $2::bigint)',
      values: ['-1', 10],
    });
  });
});
