/**
 * Where the demo's people live: cities with their share of the country and the phone ranges of each. Names of places are
 * the English ones. Ranges are digits after +; `#` is any digit.
 *
 * Ranges reserved for fiction are used wherever the country has them: US 555-0100 to -0199 in real area codes, the British
 * drama numbers of Ofcom, the German ones of the Bundesnetzagentur. They are few, so many people there have no phone of
 * their own in the file. Iran, Turkey, Azerbaijan, Finland and Russia publish no such ranges: their numbers only obey the
 * number plan and may belong to somebody, one more reason why the demo's workspace can never leave the sandbox.
 */
export type Place = {
  readonly city: string;
  readonly region: string;
  readonly weight: number;
  readonly landline: string | null;
  /** Ranges of this place only (in +1 a mobile has an area code). */
  readonly mobiles?: readonly string[];
};

export type Country = {
  readonly code: string;
  /** Share of the made-up people; 0 where only customers of the shop live. */
  readonly weight: number;
  readonly locale: string;
  readonly mobiles: readonly string[];
  readonly places: readonly Place[];
};

const place = (weight: number, city: string, region: string, landline: string | null = null): Place => ({
  city,
  region,
  weight,
  landline,
});

const american = (weight: number, city: string, region: string, ...areaCodes: number[]): Place => ({
  ...place(weight, city, region),
  mobiles: areaCodes.map(areaCode => `1${areaCode}55501##`),
});

export const countries: readonly Country[] = [
  {
    code: 'US',
    weight: 9000,
    locale: 'en-US',
    mobiles: [],
    places: [
      american(20, 'New York', 'New York', 212, 646, 917, 718, 347, 929, 332),
      american(14, 'Los Angeles', 'California', 213, 323, 310, 424, 818, 747),
      american(9, 'Chicago', 'Illinois', 312, 773, 872, 630, 708),
      american(8, 'Houston', 'Texas', 713, 281, 832, 346),
      american(6, 'Dallas', 'Texas', 214, 469, 972),
      american(4, 'Austin', 'Texas', 512, 737),
      american(5, 'Philadelphia', 'Pennsylvania', 215, 267, 445),
      american(5, 'Phoenix', 'Arizona', 602, 480, 623),
      american(5, 'San Francisco', 'California', 415, 628, 510, 650),
      american(4, 'San Diego', 'California', 619, 858, 760),
      american(5, 'Miami', 'Florida', 305, 786, 954),
      american(4, 'Atlanta', 'Georgia', 404, 678, 770),
      american(4, 'Boston', 'Massachusetts', 617, 857, 781),
      american(4, 'Seattle', 'Washington', 206, 425, 253),
      american(3, 'Denver', 'Colorado', 303, 720),
      american(3, 'Washington', 'District of Columbia', 202, 771),
    ],
  },
  {
    code: 'GB',
    weight: 6000,
    locale: 'en-GB',
    mobiles: ['447700900###'],
    places: [
      place(34, 'London', 'England', '442079460###'),
      place(9, 'Birmingham', 'England', '441214960###'),
      place(8, 'Manchester', 'England', '441614960###'),
      place(6, 'Leeds', 'England', '441134960###'),
      place(6, 'Glasgow', 'Scotland', '441414960###'),
      place(5, 'Sheffield', 'England', '441144960###'),
      place(5, 'Liverpool', 'England', '441514960###'),
      place(5, 'Edinburgh', 'Scotland', '441314960###'),
      place(5, 'Bristol', 'England', '441174960###'),
      place(4, 'Leicester', 'England', '441164960###'),
      place(4, 'Newcastle upon Tyne', 'England', '441914980###'),
      place(4, 'Cardiff', 'Wales', '442920180###'),
      place(3, 'Belfast', 'Northern Ireland', '442896496###'),
      place(2, 'Chester', 'England', '441632960###'),
    ],
  },
  {
    code: 'TR',
    weight: 9000,
    locale: 'tr',
    mobiles: ['90532#######', '90533#######', '90542#######', '90505#######', '90555#######'],
    places: [
      place(42, 'Istanbul', 'Istanbul', '902122######'),
      place(14, 'Ankara', 'Ankara', '903124######'),
      place(11, 'Izmir', 'Izmir', '902324######'),
      place(8, 'Bursa', 'Bursa', '902242######'),
      place(7, 'Antalya', 'Antalya', '902422######'),
      place(6, 'Adana', 'Adana', '903223######'),
      place(5, 'Gaziantep', 'Gaziantep', '903422######'),
      place(4, 'Konya', 'Konya', '903323######'),
      place(3, 'Trabzon', 'Trabzon', '904622######'),
    ],
  },
  {
    code: 'IR',
    weight: 8000,
    locale: 'fa',
    mobiles: ['98912#######', '98919#######', '98935#######', '98936#######', '98990#######'],
    places: [
      place(40, 'Tehran', 'Tehran', '98218#######'),
      place(13, 'Mashhad', 'Razavi Khorasan', '98513#######'),
      place(9, 'Isfahan', 'Isfahan', '98313#######'),
      place(8, 'Karaj', 'Alborz', '98263#######'),
      place(8, 'Shiraz', 'Fars', '98713#######'),
      place(7, 'Tabriz', 'East Azerbaijan', '98413#######'),
      place(5, 'Qom', 'Qom', '98253#######'),
      place(5, 'Ahvaz', 'Khuzestan', '98613#######'),
      place(5, 'Rasht', 'Gilan', '98133#######'),
    ],
  },
  {
    code: 'RU',
    weight: 4000,
    locale: 'ru',
    mobiles: ['7903#######', '7916#######', '7921#######', '7926#######', '7962#######'],
    places: [
      place(40, 'Moscow', 'Moscow', '7495#######'),
      place(22, 'Saint Petersburg', 'Saint Petersburg', '7812#######'),
      place(9, 'Novosibirsk', 'Novosibirsk Oblast', '7383#######'),
      place(9, 'Yekaterinburg', 'Sverdlovsk Oblast', '7343#######'),
      place(8, 'Kazan', 'Tatarstan', '7843#######'),
      place(6, 'Nizhny Novgorod', 'Nizhny Novgorod Oblast', '7831#######'),
      place(6, 'Vladivostok', 'Primorsky Krai', '7423#######'),
    ],
  },
  {
    code: 'DE',
    weight: 3600,
    locale: 'de',
    mobiles: ['4917139200##', '49176040690##'],
    places: [
      place(32, 'Berlin', 'Berlin', '493023125###'),
      place(20, 'Hamburg', 'Hamburg', '494066969###'),
      place(18, 'Munich', 'Bavaria', '498999998###'),
      place(15, 'Cologne', 'North Rhine-Westphalia', '492214710###'),
      place(15, 'Frankfurt am Main', 'Hesse', '496990009###'),
    ],
  },
  {
    code: 'AZ',
    weight: 3500,
    locale: 'az',
    mobiles: ['994502######', '994553######', '994704######', '994775######'],
    places: [
      place(62, 'Baku', 'Absheron', '994124######'),
      place(12, 'Ganja', 'Ganja-Dashkasan', '9942225#####'),
      place(14, 'Sumqayit', 'Absheron', '994186######'),
      place(6, 'Lankaran', 'Lankaran-Astara', null),
      place(6, 'Shaki', 'Shaki-Zagatala', null),
    ],
  },
  {
    code: 'FI',
    weight: 2500,
    locale: 'fi',
    mobiles: ['35840#######', '35844#######', '35850#######'],
    places: [
      place(40, 'Helsinki', 'Uusimaa', '35892######'),
      place(16, 'Espoo', 'Uusimaa', '35898######'),
      place(14, 'Tampere', 'Pirkanmaa', '35832######'),
      place(12, 'Turku', 'Southwest Finland', '35822######'),
      place(10, 'Oulu', 'North Ostrobothnia', '35885######'),
      place(8, 'Kuopio', 'North Savo', '358172#####'),
    ],
  },
];
