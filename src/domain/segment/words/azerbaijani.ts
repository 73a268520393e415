// The words of rules in Azerbaijani. Labels stand in the possessive, statements end in "olan" and come before the noun.
import type { Span } from '../span.js';
import { createWording } from '../wording.js';
import { labelledPhrases } from './labelled.js';

const orUnknown = '(və ya naməlum)';

const wording = createWording({
  tag: 'az',
  quotes: ['“', '”'],
  yes: 'bəli',
  no: 'xeyr',
  orOneOf: (first, rest) => `${first} və ya daha ${rest} dəyərdən biri`,
  andMore: (first, rest) => `${first} və daha ${rest} dəyər`,
  gone: id => `${id} (artıq mövcud deyil)`,
  lastWords: { and: 'və', or: 'yaxud' },
});
const { number } = wording;

export const azerbaijani = labelledPhrases(wording, {
  everyone: 'Hamı.',
  nobody: 'Heç kim.',
  contacts: what => `${capitalized(what)} şəxslər.`,
  anyone: 'hər kəs ola bilən',
  noOne: 'heç kim olmayan',
  none: parts => `bunların heç birinə uyğun gəlməyən və ya uyğunluğu naməlum olan: ${parts}`,
  fields: {
    firstName: 'adı',
    lastName: 'soyadı',
    birthDate: 'doğum tarixi',
    gender: 'cinsi',
    locale: 'dili',
    timeZone: 'saat qurşağı',
    country: 'ölkəsi',
    region: 'bölgəsi',
    city: 'şəhəri',
    district: 'rayonu',
    postalCode: 'poçt indeksi',
    latitude: 'enliyi',
    longitude: 'uzunluğu',
    climateZone: 'iqlim qurşağı',
    occupation: 'peşəsi',
    occupationCode: 'peşə kodu',
    jobTitle: 'vəzifəsi',
    company: 'şirkəti',
    incomeAmount: 'gəliri',
    incomeCurrency: 'gəlirinin valyutası',
    incomeBand: 'gəlir aralığı',
    educationLevel: 'təhsil səviyyəsi',
    maritalStatus: 'ailə vəziyyəti',
    householdSize: 'ev təsərrüfatının ölçüsü',
    childrenCount: 'uşaqlarının sayı',
    nationality: 'vətəndaşlığı',
    interests: 'maraqları',
    personalValues: 'dəyərləri',
    opinions: 'fikirləri',
    habits: 'vərdişləri',
    personas: 'personaları',
    lifestyle: 'həyat tərzi',
    personality: 'xarakteri',
    journeyStage: 'müştəri yolu mərhələsi',
    needs: 'ehtiyacları',
    goals: 'məqsədləri',
    socialGroups: 'sosial qrupları',
    religion: 'dini',
    politicalAffiliation: 'siyasi baxışı',
    createdAt: 'qeydiyyat tarixi',
    updatedAt: 'son dəyişikliyi',
  },
  age: 'yaşı',
  is: (label, value) => `${label} ${value} olan`,
  isNot: (label, value) => `${label} ${value} olmayan ${orUnknown}`,
  includes: (label, value) => `${label} arasında ${value} olan`,
  includesNone: (label, value) => `${label} arasında ${value} olmayan ${orUnknown}`,
  contains: (label, value) => `${label} tərkibində ${value} olan`,
  startsWith: (label, value) => `${label} ${value} ilə başlayan`,
  above: (label, value) => `${label} ${value} qiymətindən böyük olan`,
  below: (label, value) => `${label} ${value} qiymətindən kiçik olan`,
  after: (label, value) => `${label} ${value} tarixindən sonra olan`,
  before: (label, value) => `${label} ${value} tarixindən əvvəl olan`,
  earlier: (label, value) => `${label} ${dayOf(value)} əvvəl olan`,
  later: (label, value) => `${label} ${dayOf(value)} sonra olan`,
  atLeast: (label, value) => `${label} ən azı ${value} olan`,
  atMost: (label, value) => `${label} ən çoxu ${value} olan`,
  from: (label, value) => `${label} ${value} və ya daha gec olan`,
  until: (label, value) => `${label} ${value} və ya daha erkən olan`,
  between: (label, from, to) => `${label} ${from} ilə ${to} arasında olan`,
  known: label => `${label} məlum olan`,
  unknown: label => `${label} naməlum olan`,
  years: number,
  place: {
    postalPrefix: value => `poçt indeksi ${value} ilə başlayan`,
    district: value => `rayonu ${value}`,
    city: value => `şəhəri ${value}`,
    region: value => `bölgəsi ${value}`,
    country: value => `ölkəsi ${value}`,
  },
  livesIn: places => `${places} olan`,
  phone: {
    prefix: value => `${value} ilə başlayan`,
    areaCode: value => `ərazi kodu ${value} olan`,
    country: value => `ölkəsi ${value} olan`,
    lineType: value => `növü ${value} olan`,
  },
  phoneThat: parts => `telefon nömrəsi ${parts}`,
  list: (name, isOn) => `${name} siyahısında ${isOn ? 'olan' : 'olmayan'}`,
  tag: (name, has) => `${name} etiketi ${has ? 'olan' : 'olmayan'}`,
  event: (name, did, when) => `${when} ${name} ${did ? 'edən' : 'etməyən'}`,
  lastEvent: (name, when) => `son ${name} hadisəsi ${when} olan`,
  neverDid: name => `heç vaxt ${name} etməyən`,
  lastOrder: when => `son sifarişi ${when} olan`,
  neverOrdered: 'heç vaxt sifariş verməyən',
  reachable: (channel, topic) =>
    `${topic === null ? '' : `${topic} mövzusunda `}${channel === 'sms' ? 'SMS ilə' : 'e-poçt ilə'} əlaqə saxlanıla bilən`,
  attribute: name => `${name} dəyəri`,
  includesAll: (label, value) => `${label} arasında ${value} dəyərlərinin hamısı olan`,
  containsNot: (label, value) => `${label} tərkibində ${value} olmayan ${orUnknown}`,
  endsWith: (label, value) => `${label} ${value} ilə bitən`,
  falls: (label, when) => `${label} ${when} olan`,
  today: 'bu gün',
  thisMonth: 'bu ay',
  last: span => `son ${counted(span)} ərzində`,
  next: span => `növbəti ${counted(span)} ərzində`,
  away: ({ direction, ...span }) => `${counted(span)} ${direction === 'ago' ? 'əvvəl' : 'sonra'}`,
  birthday: 'ad günü',
  anniversaryOf: name => `${name} ildönümü`,
  inDays: days => `${number(days)} gün sonra`,
  todayOrInDays: days => `bu gün və ya növbəti ${number(days)} gün ərzində`,
  leapDay: '29 fevral 1 mart sayılır',
  segment: (name, isIn) => `${name} seqmentində ${isIn ? 'olan' : 'olmayan'}`,
  consent: (state, topic, channel) => {
    const what = `${topic} mövzusunda ${channel === 'sms' ? 'SMS' : 'e-poçt'}`;
    const verbs = {
      granted: 'almağa razılıq verən',
      withdrawn: 'almaqdan imtina edən',
      expired: 'almağa razılığının müddəti bitmiş',
      none: 'almaq istəyib-istəmədiyini heç vaxt bildirməyən',
    };
    return `${what} ${verbs[state]}`;
  },
  through: sources => `mənbə: ${sources}`,
  since: moment => `${moment} və ondan sonra`,
  earlierThan: moment => `${moment} tarixindən əvvəl`,
  ever: 'nə vaxtsa',
  inLastDays: days => (days === 1 ? 'son 24 saat ərzində' : `son ${number(days)} gün ərzində`),
  moreThanDaysAgo: days => (days === 1 ? '24 saatdan çox əvvəl' : `${number(days)} gündən çox əvvəl`),
  fromTo: (from, to) => `${from} ilə ${to} arasında`,
});

const units = { days: 'gün', weeks: 'həftə', months: 'ay' } as const;

function counted({ amount, unit }: Span): string {
  return `${number(amount)} ${units[unit]}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase('az') + text.slice(1);
}

/** "1 həftə əvvəl" → "1 həftə əvvəlki gündən", "sonra" → "sonrakı" */
function dayOf(away: string): string {
  if (away === 'bu gün') return 'bu gündən';
  return away.endsWith('sonra') ? `${away}kı gündən` : `${away}ki gündən`;
}
