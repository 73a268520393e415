// The words of rules in Russian. Labels stay in the nominative: "у которых город — «Баку»".
import type { Span } from '../span.js';
import { createWording } from '../wording.js';
import { labelledPhrases } from './labelled.js';

const orUnknown = '(или неизвестно)';

const wording = createWording({
  tag: 'ru',
  quotes: ['«', '»'],
  yes: 'да',
  no: 'нет',
  orOneOf: (first, rest) => `${first} или одно из ещё ${rest}`,
  andMore: (first, rest) => `${first} и ещё ${rest}`,
  gone: id => `${id} (больше не существует)`,
  lastWords: { and: 'и', or: 'или' },
});
const { number, plural } = wording;

const units = {
  days: { one: 'день', few: 'дня', other: 'дней' },
  weeks: { one: 'неделю', few: 'недели', other: 'недель' },
  months: { one: 'месяц', few: 'месяца', other: 'месяцев' },
} as const;
const lastOne = { days: 'последний', weeks: 'последнюю', months: 'последний' } as const;
const nextOne = { days: 'ближайший', weeks: 'ближайшую', months: 'ближайший' } as const;

/** "последнюю 1 неделю", "последние 21 день": only one itself is singular. */
function lastOf({ amount, unit }: Span): string {
  return amount === 1 ? lastOne[unit] : 'последние';
}

function nextOf({ amount, unit }: Span): string {
  return amount === 1 ? nextOne[unit] : 'ближайшие';
}

function counted({ amount, unit }: Span): string {
  return `${number(amount)} ${plural(amount, units[unit])}`;
}

export const russian = labelledPhrases(wording, {
  everyone: 'Все.',
  nobody: 'Никто.',
  contacts: what => `Контакты, ${what}.`,
  anyone: 'которые могут быть кем угодно',
  noOne: 'которых нет',
  none: parts => `для которых ничего из этого не верно или неизвестно: ${parts}`,
  fields: {
    firstName: 'имя',
    lastName: 'фамилия',
    birthDate: 'дата рождения',
    gender: 'пол',
    locale: 'язык',
    timeZone: 'часовой пояс',
    country: 'страна',
    region: 'регион',
    city: 'город',
    district: 'район',
    postalCode: 'почтовый индекс',
    latitude: 'широта',
    longitude: 'долгота',
    climateZone: 'климатический пояс',
    occupation: 'профессия',
    occupationCode: 'код профессии',
    jobTitle: 'должность',
    company: 'компания',
    incomeAmount: 'доход',
    incomeCurrency: 'валюта дохода',
    incomeBand: 'диапазон дохода',
    educationLevel: 'уровень образования',
    maritalStatus: 'семейное положение',
    householdSize: 'размер домохозяйства',
    childrenCount: 'число детей',
    nationality: 'гражданство',
    interests: 'интересы',
    personalValues: 'ценности',
    opinions: 'мнения',
    habits: 'привычки',
    personas: 'персоны',
    lifestyle: 'образ жизни',
    personality: 'характер',
    journeyStage: 'этап пути клиента',
    needs: 'потребности',
    goals: 'цели',
    socialGroups: 'социальные группы',
    religion: 'религия',
    politicalAffiliation: 'политические взгляды',
    createdAt: 'первый день у нас',
    updatedAt: 'последнее изменение',
  },
  age: 'возраст',
  is: (label, value) => `у которых ${label} — ${value}`,
  isNot: (label, value) => `у которых ${label} — не ${value} ${orUnknown}`,
  includes: (label, value) => `у которых среди значений «${label}» есть ${value}`,
  includesNone: (label, value) => `у которых среди значений «${label}» нет ${value} ${orUnknown}`,
  contains: (label, value) => `у которых ${label} содержит ${value}`,
  startsWith: (label, value) => `у которых ${label} начинается с ${value}`,
  above: (label, value) => `у которых ${label} — больше ${value}`,
  below: (label, value) => `у которых ${label} — меньше ${value}`,
  after: (label, value) => `у которых ${label} — после ${value}`,
  before: (label, value) => `у которых ${label} — до ${value}`,
  earlier: (label, value) => `у которых ${label} — раньше, чем ${value}`,
  later: (label, value) => `у которых ${label} — позже, чем ${value}`,
  atLeast: (label, value) => `у которых ${label} — не меньше ${value}`,
  atMost: (label, value) => `у которых ${label} — не больше ${value}`,
  from: (label, value) => `у которых ${label} — ${value} или позже`,
  until: (label, value) => `у которых ${label} — ${value} или раньше`,
  between: (label, from, to) => `у которых ${label} — от ${from} до ${to}`,
  known: label => `у которых известно: ${label}`,
  unknown: label => `у которых неизвестно: ${label}`,
  years: number,
  place: {
    postalPrefix: value => `почтовый индекс начинается с ${value}`,
    district: value => `район ${value}`,
    city: value => `город ${value}`,
    region: value => `регион ${value}`,
    country: value => `страна ${value}`,
  },
  livesIn: places => `место жительства которых — ${places}`,
  phone: {
    prefix: value => `начинается с ${value}`,
    areaCode: value => `имеет код зоны ${value}`,
    country: value => `относится к стране ${value}`,
    lineType: value => `имеет тип ${value}`,
  },
  phoneThat: parts => `номер телефона которых ${parts}`,
  list: (name, isOn) => `${isOn ? 'входящие' : 'не входящие'} в список ${name}`,
  tag: (name, has) => `у которых ${has ? 'есть метка' : 'нет метки'} ${name}`,
  event: (name, did, when) => `у которых ${did ? 'было событие' : 'не было события'} ${name} ${when}`,
  lastEvent: (name, when) => `у которых последнее событие ${name} было ${when}`,
  neverDid: name => `у которых никогда не было события ${name}`,
  lastOrder: when => `у которых последний заказ был ${when}`,
  neverOrdered: 'которые никогда не заказывали',
  reachable: (channel, topic) =>
    `с которыми можно связаться по ${channel === 'sms' ? 'SMS' : 'электронной почте'}${topic === null ? '' : ` на тему ${topic}`}`,
  attribute: name => name,
  includesAll: (label, value) => `у которых среди значений «${label}» есть все: ${value}`,
  containsNot: (label, value) => `у которых ${label} не содержит ${value} ${orUnknown}`,
  endsWith: (label, value) => `у которых ${label} заканчивается на ${value}`,
  falls: (label, when) => `у которых ${label} — ${when}`,
  today: 'сегодня',
  thisMonth: 'в этом месяце',
  last: span => `за ${lastOf(span)} ${counted(span)}`,
  next: span => `в ${nextOf(span)} ${counted(span)}`,
  away: ({ direction, ...span }) => (direction === 'ago' ? `${counted(span)} назад` : `через ${counted(span)}`),
  birthday: 'день рождения',
  anniversaryOf: name => `годовщина ${name}`,
  inDays: days => `через ${counted({ amount: days, unit: 'days' })}`,
  todayOrInDays: days => `сегодня или в ${nextOf({ amount: days, unit: 'days' })} ${counted({ amount: days, unit: 'days' })}`,
  leapDay: '29 февраля отмечается 1 марта',
  segment: (name, isIn) => `${isIn ? 'входящие' : 'не входящие'} в сегмент ${name}`,
  consent: (state, topic, channel) => {
    const what = `${channel === 'sms' ? 'SMS' : 'письма'} на тему ${topic}`;
    const verbs = {
      granted: 'которые согласились получать',
      withdrawn: 'которые отказались получать',
      expired: 'у которых истекло согласие получать',
      none: 'которые никогда не говорили, хотят ли получать',
    };
    return `${verbs[state]} ${what}`;
  },
  through: sources => `источник: ${sources}`,
  since: moment => `с ${moment}`,
  earlierThan: moment => `до ${moment}`,
  ever: 'когда-либо',
  inLastDays: days =>
    days === 1
      ? 'за последние 24 часа'
      : `за ${lastOf({ amount: days, unit: 'days' })} ${counted({ amount: days, unit: 'days' })}`,
  moreThanDaysAgo: days =>
    days === 1 ? 'более 24 часов назад' : `более ${number(days)} ${plural(days, { one: 'дня', other: 'дней' })} назад`,
  fromTo: (from, to) => `с ${from} по ${to}`,
});
