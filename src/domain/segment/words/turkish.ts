// The words of rules in Turkish. Labels stand in the possessive, statements end in "olan" and come before the noun.
import type { Span } from '../span.js';
import { createWording } from '../wording.js';
import { labelledPhrases } from './labelled.js';

const orUnknown = '(ya da bilinmeyen)';

const wording = createWording({
  tag: 'tr',
  quotes: ['“', '”'],
  yes: 'evet',
  no: 'hayır',
  orOneOf: (first, rest) => `${first} veya başka ${rest} değerden biri`,
  andMore: (first, rest) => `${first} ve ${rest} değer daha`,
  gone: id => `${id} (artık yok)`,
  lastWords: { and: 've', or: 'veya' },
});
const { number } = wording;

export const turkish = labelledPhrases(wording, {
  everyone: 'Herkes.',
  nobody: 'Hiç kimse.',
  contacts: what => `${capitalized(what)} kişiler.`,
  anyone: 'herhangi biri olan',
  noOne: 'hiç kimse olmayan',
  none: parts => `şunların hiçbirine uymayan ya da uyduğu bilinmeyen: ${parts}`,
  fields: {
    firstName: 'adı',
    lastName: 'soyadı',
    birthDate: 'doğum tarihi',
    gender: 'cinsiyeti',
    locale: 'dili',
    timeZone: 'saat dilimi',
    country: 'ülkesi',
    region: 'bölgesi',
    city: 'şehri',
    district: 'ilçesi',
    postalCode: 'posta kodu',
    latitude: 'enlemi',
    longitude: 'boylamı',
    climateZone: 'iklim bölgesi',
    occupation: 'mesleği',
    occupationCode: 'meslek kodu',
    jobTitle: 'unvanı',
    company: 'şirketi',
    incomeAmount: 'geliri',
    incomeCurrency: 'gelirinin para birimi',
    incomeBand: 'gelir aralığı',
    educationLevel: 'eğitim düzeyi',
    maritalStatus: 'medeni hâli',
    householdSize: 'hane büyüklüğü',
    childrenCount: 'çocuk sayısı',
    nationality: 'uyruğu',
    interests: 'ilgi alanları',
    personalValues: 'değerleri',
    opinions: 'görüşleri',
    habits: 'alışkanlıkları',
    personas: 'personaları',
    lifestyle: 'yaşam tarzı',
    personality: 'kişiliği',
    journeyStage: 'yolculuk aşaması',
    needs: 'ihtiyaçları',
    goals: 'hedefleri',
    socialGroups: 'sosyal grupları',
    religion: 'dini',
    politicalAffiliation: 'siyasi görüşü',
    createdAt: 'kayıt tarihi',
    updatedAt: 'son değişikliği',
  },
  age: 'yaşı',
  is: (label, value) => `${label} ${value} olan`,
  isNot: (label, value) => `${label} ${value} olmayan ${orUnknown}`,
  includes: (label, value) => `${label} arasında ${value} bulunan`,
  includesNone: (label, value) => `${label} arasında ${value} bulunmayan ${orUnknown}`,
  contains: (label, value) => `${label} içinde ${value} geçen`,
  startsWith: (label, value) => `${label} ${value} ile başlayan`,
  above: (label, value) => `${label} ${value} değerinden büyük olan`,
  below: (label, value) => `${label} ${value} değerinden küçük olan`,
  after: (label, value) => `${label} ${value} sonrasında olan`,
  before: (label, value) => `${label} ${value} öncesinde olan`,
  earlier: (label, value) => `${label} ${dayOf(value)} önce olan`,
  later: (label, value) => `${label} ${dayOf(value)} sonra olan`,
  atLeast: (label, value) => `${label} en az ${value} olan`,
  atMost: (label, value) => `${label} en çok ${value} olan`,
  from: (label, value) => `${label} ${value} ya da sonrası olan`,
  until: (label, value) => `${label} ${value} ya da öncesi olan`,
  between: (label, from, to) => `${label} ${from} ile ${to} arasında olan`,
  known: label => `${label} bilinen`,
  unknown: label => `${label} bilinmeyen`,
  years: number,
  place: {
    postalPrefix: value => `posta kodu ${value} ile başlayan`,
    district: value => `ilçesi ${value}`,
    city: value => `şehri ${value}`,
    region: value => `bölgesi ${value}`,
    country: value => `ülkesi ${value}`,
  },
  livesIn: places => `${places} olan`,
  phone: {
    prefix: value => `${value} ile başlayan`,
    areaCode: value => `alan kodu ${value} olan`,
    country: value => `ülkesi ${value} olan`,
    lineType: value => `türü ${value} olan`,
  },
  phoneThat: parts => `telefon numarası ${parts}`,
  list: (name, isOn) => `${name} listesinde ${isOn ? 'olan' : 'olmayan'}`,
  tag: (name, has) => `${name} etiketi ${has ? 'olan' : 'olmayan'}`,
  event: (name, did, when) => `${when} ${name} ${did ? 'yapan' : 'yapmayan'}`,
  lastEvent: (name, when) => `son ${name} olayı ${when} olan`,
  neverDid: name => `hiç ${name} yapmayan`,
  lastOrder: when => `son siparişi ${when} olan`,
  neverOrdered: 'hiç sipariş vermeyen',
  reachable: (channel, topic) =>
    `${topic === null ? '' : `${topic} konusunda `}${channel === 'sms' ? 'SMS ile' : 'e-posta ile'} ulaşılabilen`,
  attribute: name => `${name} değeri`,
  includesAll: (label, value) => `${label} arasında ${value} değerlerinin tümü bulunan`,
  containsNot: (label, value) => `${label} içinde ${value} geçmeyen ${orUnknown}`,
  endsWith: (label, value) => `${label} ${value} ile biten`,
  falls: (label, when) => `${label} ${when} olan`,
  today: 'bugün',
  thisMonth: 'bu ay',
  last: span => `son ${counted(span)} içinde`,
  next: span => `önümüzdeki ${counted(span)} içinde`,
  away: ({ direction, ...span }) => `${counted(span)} ${direction === 'ago' ? 'önce' : 'sonra'}`,
  birthday: 'doğum günü',
  anniversaryOf: name => `${name} yıl dönümü`,
  inDays: days => `${number(days)} gün sonra`,
  todayOrInDays: days => `bugün ya da önümüzdeki ${number(days)} gün içinde`,
  leapDay: '29 Şubat, 1 Mart sayılır',
  segment: (name, isIn) => `${name} segmentinde ${isIn ? 'olan' : 'olmayan'}`,
  consent: (state, topic, channel) => {
    const what = `${topic} konusunda ${channel === 'sms' ? 'SMS' : 'e-posta'} almayı`;
    const verbs = {
      granted: 'kabul eden',
      withdrawn: 'reddeden',
      expired: 'kabul etmiş ama izninin süresi dolmuş',
      none: 'isteyip istemediğini hiç söylememiş',
    };
    return state === 'none'
      ? `${topic} konusunda ${channel === 'sms' ? 'SMS' : 'e-posta'} ${verbs.none}`
      : `${what} ${verbs[state]}`;
  },
  through: sources => `kaynak: ${sources}`,
  since: moment => `${moment} ve sonrası`,
  earlierThan: moment => `${moment} öncesi`,
  ever: 'herhangi bir zamanda',
  inLastDays: days => (days === 1 ? 'son 24 saat içinde' : `son ${number(days)} gün içinde`),
  moreThanDaysAgo: days => (days === 1 ? '24 saatten daha önce' : `${number(days)} günden daha önce`),
  fromTo: (from, to) => `${from} ile ${to} arasında`,
});

const units = { days: 'gün', weeks: 'hafta', months: 'ay' } as const;

function counted({ amount, unit }: Span): string {
  return `${number(amount)} ${units[unit]}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase('tr') + text.slice(1);
}

/** "1 hafta önce" → "1 hafta önceki günden" */
function dayOf(away: string): string {
  return away === 'bugün' ? 'bugünden' : `${away}ki günden`;
}
