// The made-up people: as many as asked, the same every time, reachable on paper.
import { parseEmail } from '../domain/email/address.js';
import { outcomeFor } from '../sandbox/magic.js';
import { parsePhone } from '../domain/phone/e164.js';
import { type Customer, makePeople, type Person } from './people.js';

const customers: Customer[] = [
  { externalId: '17850', country: 'GB' },
  { externalId: '12583', country: 'FR' },
  { externalId: '12370', country: null },
];
const total = 50_000;
const people = [...makePeople(customers, total)];

const count = (matches: (person: Person) => boolean): number => people.filter(matches).length;

test('there are as many people as asked, each with an external id of their own', () => {
  expect(people).toHaveLength(total);
  expect(new Set(people.map(person => person.externalId)).size).toBe(total);
});

test('the customers come first and keep their number and country', () => {
  expect(people.slice(0, 3).map(({ externalId, country }) => ({ externalId, country }))).toEqual(customers);
});

test('two runs make the same people', () => {
  expect([...makePeople(customers, 500)]).toEqual(people.slice(0, 500));
});

test('every phone number is one of its country by the number plan', () => {
  const wrong = people.filter(person => {
    if (person.phone === null) return false;
    const parsed = parsePhone(person.phone, 'US');
    return 'invalid' in parsed || parsed.country !== person.country || parsed.e164 !== person.phone;
  });
  expect(wrong).toEqual([]);
});

test('American, British and German numbers are those reserved for fiction', () => {
  const fiction =
    /^\+(1\d{3}55501\d\d|447700900\d{3}|44(20|28|29|1\d\d)\d*|4930\d*23125\d{3}|49(69)?(40)?(221)?(89)?\d*|4917139200\d\d|49176040690\d\d)$/;
  const numbers = people.flatMap(person => (['US', 'GB', 'DE'].includes(person.country ?? '') ? (person.phone ?? []) : []));
  expect(numbers.filter(number => !fiction.test(number))).toEqual([]);
});

test('a phone is shared only by people of one family who live together', () => {
  const homes = new Map<string, Set<string>>();
  for (const { phone, city, country } of people)
    if (phone !== null) homes.set(phone, (homes.get(phone) ?? new Set()).add(`${country} ${city}`));
  expect([...homes.values()].filter(places => places.size > 1)).toEqual([]);
  const shared = count(person => person.phone !== null) - homes.size;
  expect(shared).toBeGreaterThan(500);
  expect(shared).toBeLessThan(2500);
});

test('every email is valid, at a domain reserved for examples, and names one person', () => {
  const emails = people.flatMap(person => person.email ?? []);
  expect(new Set(emails).size).toBe(emails.length);
  expect(emails.filter(email => 'invalid' in parseEmail(email))).toEqual([]);
  expect(emails.filter(email => !/@example\.(com|org|net)$/.test(email))).toEqual([]);
});

test('some have only a phone, some only an email, some agreed to nothing, nobody has no address', () => {
  expect(count(person => person.email === null)).toBeGreaterThan(3000);
  expect(count(person => person.phone === null)).toBeGreaterThan(5000);
  expect(count(person => !person.wantsSms && !person.wantsEmail)).toBeGreaterThan(5000);
  expect(count(person => person.email === null && person.phone === null)).toBe(0);
  expect(count(person => person.wantsSms && person.phone === null)).toBe(0);
});

test('nobody has an address for which the sandbox acts out a failure', () => {
  const acted = people.filter(
    ({ phone, email }) =>
      (phone !== null && outcomeFor('sms', phone).receipt?.status !== 'delivered') ||
      (email !== null && outcomeFor('email', email).receipt?.status !== 'delivered'),
  );
  expect(acted).toEqual([]);
});
