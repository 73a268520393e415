/**
 * What a column of a contacts file may mean. `fields` are the typed columns of table contact, one line each: to import a
 * new column, add a line. Identities, consent, tags, lists and custom attributes are read by row-reader.ts.
 */
import {
  type CellReader,
  readChoice,
  readCountry,
  readCurrency,
  readDay,
  readList,
  readLocale,
  readNumber,
  readText,
  readTimeZone,
  readWhole,
  refuse,
} from './coerce.js';

export type ColumnType = 'text' | 'date' | 'smallint' | 'integer' | 'numeric' | 'double precision' | 'text[]' | 'timestamptz';

export type ColumnField = { column: string; type: ColumnType; read: CellReader; synonyms: readonly string[] };

const field = (column: string, type: ColumnType, read: CellReader, synonyms = ''): ColumnField => ({
  column,
  type,
  read,
  synonyms: synonyms.split(' ').filter(word => word !== ''),
});
const text = (column: string, max: number, synonyms = '') => field(column, 'text', readText(max), synonyms);
const list = (column: string, synonyms = '') => field(column, 'text[]', readList, synonyms);

const genders = {
  f: 'female',
  w: 'female',
  woman: 'female',
  girl: 'female',
  mrs: 'female',
  ms: 'female',
  frau: 'female',
  weiblich: 'female',
  kadın: 'female',
  kadin: 'female',
  k: 'female',
  qadın: 'female',
  nainen: 'female',
  ж: 'female',
  жен: 'female',
  женский: 'female',
  زن: 'female',
  خانم: 'female',
  m: 'male',
  man: 'male',
  boy: 'male',
  mr: 'male',
  herr: 'male',
  männlich: 'male',
  erkek: 'male',
  e: 'male',
  kişi: 'male',
  mies: 'male',
  м: 'male',
  муж: 'male',
  мужской: 'male',
  مرد: 'male',
  آقا: 'male',
  o: 'other',
  x: 'other',
  d: 'other',
  divers: 'other',
  diverse: 'other',
  nonbinary: 'other',
  'non-binary': 'other',
  diğer: 'other',
  muu: 'other',
};

/** ISCED 2011 levels by their numbers or by everyday names. */
const educationLevels: Readonly<Record<string, string>> = {
  none: '0',
  primary: '1',
  'primary school': '1',
  'lower secondary': '2',
  'middle school': '2',
  secondary: '3',
  'high school': '3',
  'upper secondary': '3',
  vocational: '4',
  'short-cycle tertiary': '5',
  associate: '5',
  bachelor: '6',
  "bachelor's": '6',
  bachelors: '6',
  bsc: '6',
  ba: '6',
  master: '7',
  "master's": '7',
  masters: '7',
  msc: '7',
  ma: '7',
  mba: '7',
  doctor: '8',
  doctorate: '8',
  phd: '8',
};

export const contactFields: Readonly<Record<string, ColumnField>> = {
  firstName: text('first_name', 200, 'first givenname given forename vorname prenom ad isim etunimi имя نام'),
  lastName: text('last_name', 200, 'last surname familyname family nachname soyad soyadi soyadı sukunimi фамилия نامخانوادگی'),
  birthDate: field(
    'birth_date',
    'date',
    readDay('1900-01-02'),
    'birthday dob dateofbirth born bday geburtsdatum doğumtarihi syntymäaika датарождения',
  ),
  gender: field(
    'gender',
    'text',
    readChoice(['female', 'male', 'other'], genders),
    'sex geschlecht cinsiyet cins sukupuoli пол جنسیت',
  ),
  locale: field('locale', 'text', readLocale, 'language lang preferredlanguage sprache dil kieli язык'),
  timeZone: field('time_zone', 'text', readTimeZone, 'timezone tz zone'),
  country: field('country', 'text', readCountry, 'countrycode land ülke ölkə maa страна کشور'),
  region: text('region', 200, 'state province county bundesland il bölge'),
  city: text('city', 200, 'town stadt ort şehir sehir kaupunki şəhər город شهر'),
  district: text('district', 200, 'borough neighborhood neighbourhood ilçe'),
  postalCode: text('postal_code', 20, 'zip zipcode postcode postal plz postakodu postinumero индекс کدپستی'),
  latitude: field('latitude', 'double precision', readNumber(-90, 90), 'lat'),
  longitude: field('longitude', 'double precision', readNumber(-180, 180), 'lng lon long'),
  climateZone: text('climate_zone', 50),
  occupation: text('occupation', 200, 'profession job beruf meslek ammatti профессия شغل'),
  occupationCode: field('occupation_code', 'text', readIsco, 'isco isco08'),
  jobTitle: text('job_title', 200, 'title position role'),
  company: text('company', 200, 'organization organisation employer companyname firma şirket yritys компания'),
  incomeAmount: field('income_amount', 'numeric', readNumber(0, 1e12, 2), 'income salary annualincome'),
  incomeCurrency: field('income_currency', 'text', readCurrency),
  incomeBand: text('income_band', 50, 'incomegroup incomebracket incomerange incomelevel'),
  educationLevel: field('education_level', 'smallint', readEducation, 'education isced'),
  maritalStatus: text('marital_status', 50, 'civilstatus'),
  householdSize: field('household_size', 'smallint', readWhole(1, 100), 'household'),
  childrenCount: field('children_count', 'smallint', readWhole(0, 100), 'children kids'),
  nationality: field('nationality', 'text', readCountry, 'citizenship'),
  religion: text('religion', 100),
  politicalAffiliation: text('political_affiliation', 100, 'party'),
  interests: list('interests', 'interest hobbies'),
  personalValues: list('personal_values', 'values'),
  opinions: list('opinions'),
  habits: list('habits'),
  personas: list('personas', 'persona'),
  lifestyle: text('lifestyle', 200),
  personality: text('personality', 200),
  journeyStage: text('journey_stage', 50, 'stage lifecyclestage'),
  needs: list('needs'),
  goals: list('goals'),
  socialGroups: list('social_groups', 'groups'),
};

/** Words for the fields that are no columns of table contact. */
export const identitySynonyms: Readonly<Record<string, readonly string[]>> = {
  externalId: 'id userid customerid contactid clientid memberid customernumber customerno crmid müşterino asiakasnumero'.split(
    ' ',
  ),
  email: 'mail emailaddress email1 email2 primaryemail emailid eposta sähköposti почта электроннаяпочта ایمیل'.split(' '),
  phone:
    'phonenumber phone1 phone2 mobile mobilephone mobilenumber mobileno cell cellphone cellnumber tel telephone telephonenumber msisdn sms handy telefon telefonnummer gsm puhelin matkapuhelin puhelinnumero телефон موبایل تلفن شمارهموبایل'.split(
      ' ',
    ),
  anonymousId: 'anonymous visitorid deviceid'.split(' '),
  fullName: 'name contactname customername displayname adsoyad nimi фио'.split(' '),
  tags: 'tag labels label etiketler tunnisteet теги'.split(' '),
  lists: 'list listname liste'.split(' '),
};

function readIsco(cell: string): ReturnType<CellReader> {
  return /^\d{1,4}$/.test(cell) ? cell : refuse('not an ISCO-08 code of one to four digits');
}

function readEducation(cell: string, settings: Parameters<CellReader>[1]): ReturnType<CellReader> {
  return educationLevels[cell.toLowerCase()] ?? readWhole(0, 8)(cell, settings);
}
