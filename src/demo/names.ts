/**
 * Given and family names by language, as people write them. Where the script is not Latin a name carries its Latin form
 * after a slash, for email addresses. `feminine` is what a woman's family name ends in on top of a man's.
 */
export type NameSet = {
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly family: readonly string[];
  readonly feminine?: string;
};

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const english: NameSet = {
  female: words(
    'Olivia Emma Amelia Sophie Grace Emily Jessica Hannah Charlotte Lucy Alice Megan Chloe Daisy Ruby Ella Zoe Abigail Laura Rachel Rebecca Joanna Helen Susan',
  ),
  male: words(
    'Oliver George Harry Jack James William Thomas Henry Daniel Samuel Joseph Edward Benjamin Adam Luke Ryan Nathan Peter Simon Robert David Michael Stephen Andrew',
  ),
  family: words(
    'Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis Rodgers Cox Alexander Parker Bennett Shaw Morris Ellis Palmer Hunt Knight',
  ),
};

const american: NameSet = {
  female: words(
    'Mary Ashley Madison Ava Mia Isabella Harper Evelyn Camila Sofia Avery Layla Nora Hazel Aurora Stella Natalie Leah Savannah Brooklyn Claire Skylar Naomi Ariana',
  ),
  male: words(
    'Liam Noah Elijah Mason Logan Ethan Aiden Jackson Sebastian Mateo Levi Owen Wyatt Carter Jayden Julian Lincoln Hudson Isaac Gabriel Anthony Dylan Christopher Joshua',
  ),
  family: words(
    'Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores',
  ),
};

const turkish: NameSet = {
  female: words(
    'Zeynep Elif Ayşe Fatma Emine Hatice Merve Büşra Esra Gizem İrem Selin Ece Derya Özge Pınar Sevgi Tuğba Yasemin Gül Aslı Ebru Ceren Dilara',
  ),
  male: words(
    'Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Yusuf Murat Emre Burak Can Cem Onur Serkan Oğuz Tolga Umut Barış Kerem Kaan Volkan Çağrı Şükrü',
  ),
  family: words(
    'Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Bulut Aktaş Tekin Keskin Avcı Ünal Güler Turan Taş Işık Yalçın',
  ),
};

const persian: NameSet = {
  female: words(
    'سارا/sara مریم/maryam زهرا/zahra فاطمه/fatemeh نرگس/narges نگار/negar شیرین/shirin لیلا/leila مینا/mina پریسا/parisa الهام/elham نسرین/nasrin مهسا/mahsa سمیرا/samira آرزو/arezoo رویا/roya نازنین/nazanin شبنم/shabnam ترانه/taraneh هانیه/hanieh',
  ),
  male: words(
    'علی/ali محمد/mohammad رضا/reza حسین/hossein امیر/amir مهدی/mehdi آرش/arash بهنام/behnam کاوه/kaveh سیاوش/siavash فرهاد/farhad نیما/nima پویا/pouya سعید/saeid حمید/hamid داریوش/dariush بابک/babak کیان/kian مسعود/masoud پدرام/pedram',
  ),
  family: words(
    'محمدی/mohammadi حسینی/hosseini احمدی/ahmadi رضایی/rezaei کریمی/karimi موسوی/mousavi جعفری/jafari صادقی/sadeghi رحیمی/rahimi ابراهیمی/ebrahimi حیدری/heidari قاسمی/ghasemi هاشمی/hashemi اکبری/akbari مرادی/moradi سلیمانی/soleimani نوری/nouri امینی/amini شریفی/sharifi کاظمی/kazemi زمانی/zamani یزدانی/yazdani بهرامی/bahrami تهرانی/tehrani',
  ),
};

const russian: NameSet = {
  female: words(
    'Анна/anna Мария/maria Елена/elena Ольга/olga Наталья/natalia Татьяна/tatiana Ирина/irina Светлана/svetlana Юлия/yulia Екатерина/ekaterina Дарья/daria Анастасия/anastasia Ксения/ksenia Полина/polina Вера/vera Алина/alina Марина/marina Людмила/lyudmila Галина/galina Софья/sofya',
  ),
  male: words(
    'Александр/aleksandr Сергей/sergey Дмитрий/dmitry Алексей/alexey Андрей/andrey Максим/maxim Иван/ivan Михаил/mikhail Николай/nikolay Владимир/vladimir Павел/pavel Роман/roman Артём/artyom Кирилл/kirill Егор/egor Никита/nikita Олег/oleg Илья/ilya Виктор/viktor Юрий/yury',
  ),
  family: words(
    'Иванов/ivanov Смирнов/smirnov Кузнецов/kuznetsov Попов/popov Васильев/vasiliev Петров/petrov Соколов/sokolov Михайлов/mikhailov Новиков/novikov Фёдоров/fedorov Морозов/morozov Волков/volkov Алексеев/alekseev Лебедев/lebedev Семёнов/semenov Егоров/egorov Павлов/pavlov Козлов/kozlov Степанов/stepanov Николаев/nikolaev Орлов/orlov Андреев/andreev Макаров/makarov Никитин/nikitin',
  ),
  feminine: 'а/a',
};

const german: NameSet = {
  female: words(
    'Mia Hannah Lena Lea Anna Marie Sophie Laura Katharina Julia Sabine Petra Claudia Birgit Ursula Jana Franziska Greta Johanna Käthe Jördis Anke Heike Silke',
  ),
  male: words(
    'Leon Paul Jonas Finn Elias Maximilian Lukas Felix Moritz Jan Stefan Thomas Andreas Wolfgang Jürgen Klaus Matthias Sebastian Florian Tobias Björn Uwe Dirk Günther',
  ),
  family: words(
    'Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier Weiß Jäger',
  ),
};

const azerbaijani: NameSet = {
  female: words(
    'Aysel Günel Leyla Nigar Səbinə Aygün Fidan Ləman Nərmin Zəhra Aytac Gülnar Könül Türkan Ülviyyə Sevinc Lalə Vüsalə Pərvin Xədicə',
  ),
  male: words(
    'Elçin Rəşad Orxan Tural Elnur Anar Vüqar Ramil Kamran Nicat Emin Fərid Cavid Rauf Samir Toğrul Ülvi Əli Murad Şahin',
  ),
  family: words(
    'Əliyev Məmmədov Hüseynov Həsənov İsmayılov Quliyev Abbasov Kərimov Rəhimov İbrahimov Cəfərov Mustafayev Nəbiyev Sadıqov Babayev Orucov Vəliyev Yusifov Bağırov Səfərov',
  ),
  feminine: 'a',
};

const finnish: NameSet = {
  female: words(
    'Aino Eevi Emma Sofia Venla Helmi Anni Kaisa Hanna Laura Johanna Maria Päivi Riitta Tuula Leena Sirpa Minna Satu Outi Krista Elina Jenni Mari',
  ),
  male: words(
    'Juhani Eino Leo Väinö Onni Elias Mikael Antti Jukka Timo Kari Matti Pekka Heikki Jari Mika Sami Tuomas Ville Lauri Markku Esa Petri Jussi',
  ),
  family: words(
    'Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Salo Laitinen Tuominen Rantanen Karjalainen Jokinen Mattila Savolainen',
  ),
};

const french: NameSet = {
  female: words('Camille Chloé Manon Léa Inès Jeanne Claire Sophie Hélène Élodie Margaux Nathalie'),
  male: words('Louis Hugo Gabriel Raphaël Antoine Julien Nicolas Étienne Pierre François Luc Mathieu'),
  family: words(
    'Martin Bernard Dubois Durand Moreau Laurent Lefebvre Leroy Roux Fournier Girard Bonnet Dupont Lambert Mercier Blanc',
  ),
};

const spanish: NameSet = {
  female: words('Lucía Carmen Paula Marta Elena Sofía Julia Alba Nuria Pilar'),
  male: words('Hugo Pablo Javier Álvaro Diego Carlos Sergio Andrés Jorge Íñigo'),
  family: words('García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Ruiz Núñez Moreno'),
};

const portuguese: NameSet = {
  female: words('Maria Leonor Matilde Beatriz Inês Ana Joana Catarina'),
  male: words('João Francisco Afonso Tomás Duarte Miguel Rui Tiago'),
  family: words('Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Gonçalves'),
};

const dutch: NameSet = {
  female: words('Emma Julia Sanne Lotte Fleur Eva Anouk Femke'),
  male: words('Daan Sem Bram Thijs Jeroen Pieter Sander Willem'),
  family: words('Jansen Bakker Visser Smit Meijer Mulder Bos Peters Hendriks Dekker'),
};

const nordic: NameSet = {
  female: words('Astrid Ingrid Freja Sigrid Maja Elsa Karin Solveig'),
  male: words('Lars Erik Nils Magnus Anders Olav Søren Björn'),
  family: words('Hansen Johansson Olsen Larsen Andersson Nilsen Berg Lindqvist Dahl Holm'),
};

/** For the countries of a handful of customers: names at home in many languages. */
const international: NameSet = {
  female: words('Anna Maria Sara Nadia Elena Lina Mira Diana'),
  male: words('Adam Daniel Alex Martin David Elias Victor Marco'),
  family: words('Rossi Novak Haddad Tanaka Kowalski Levi Nikolaou Cohen Kim Mansour'),
};

const sets: Readonly<Record<string, NameSet>> = {
  US: american,
  CA: american,
  GB: english,
  IE: english,
  AU: english,
  JE: english,
  ZA: english,
  TR: turkish,
  IR: persian,
  RU: russian,
  DE: german,
  AT: german,
  CH: german,
  AZ: azerbaijani,
  FI: finnish,
  FR: french,
  BE: french,
  ES: spanish,
  PT: portuguese,
  BR: portuguese,
  NL: dutch,
  SE: nordic,
  NO: nordic,
  DK: nordic,
  IS: nordic,
};

export function namesOf(country: string | null): NameSet {
  return (country === null ? undefined : sets[country]) ?? international;
}

/** The name as its owner writes it. */
export function written(name: string): string {
  return name.replaceAll(/\/[a-z]+/g, '');
}

/** The name in a–z, for an email address. */
export function latin(name: string): string {
  const [, plain = name] = name.split('/');
  return plain
    .toLowerCase()
    .replaceAll(/[ıəøßæ]/g, letter => plainLetters[letter] ?? '')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '');
}

const plainLetters: Readonly<Record<string, string>> = { ı: 'i', ə: 'e', ø: 'o', ß: 'ss', æ: 'ae' };

/** Whole family name of a man or a woman, still with its Latin form where the set has one. */
export function familyName(set: NameSet, name: string, gender: 'female' | 'male'): string {
  if (gender === 'male' || set.feminine === undefined) return name;
  const [own, plain] = name.split('/');
  const [ownEnd, plainEnd] = set.feminine.split('/');
  return plain === undefined ? `${own}${ownEnd}` : `${own}${ownEnd}/${plain}${plainEnd}`;
}
