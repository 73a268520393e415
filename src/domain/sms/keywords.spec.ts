import { keywordRows } from './keyword-table.js';
import { foldKeyword, readKeyword } from './keywords.js';

const kindOf = (text: string, context = {}): string | null => readKeyword(text, context)?.kind ?? null;

describe('readKeyword', () => {
  test.each<[string, string]>([
    ['STOP', 'en'],
    ['stop', 'en'],
    [' Stop. ', 'en'],
    ['"STOP"', 'en'],
    ['«stop»', 'en'],
    ['STOP!!!', 'en'],
    ['stop 🛑🙏', 'en'],
    ['ＳＴＯＰ', 'en'],
    ['S.T.O.P', 'en'],
    ['s t o p', 'en'],
    ['STOP STOP STOP', 'en'],
    ['st\u200bop\u202c', 'en'],
    ['#stop', 'en'],
    ['STOPALL', 'en'],
    ['Stop all', 'en'],
    ['OPT-OUT', 'en'],
    ['opt out', 'en'],
    ['Optout', 'en'],
    ['Revoke', 'en'],
    ['stop please', 'en'],
    ['Please stop', 'en'],
    ['pls STOP, thanks!', 'en'],
    ['Unsubscribe me', 'en'],
    ['remove me', 'en'],
    ['Don’t text me', 'en'],
    ["don't contact me!", 'en'],
    ['Take me off your list, please.', 'en'],
    ['END', 'en'],
    ['quit', 'en'],
    ['Arrêt', 'fr'],
    ['ARRET', 'fr'],
    ['désabo', 'fr'],
    ['NO MÁS', 'es'],
    ['no mas', 'es'],
    ['Baja por favor', 'es'],
    ['Sair', 'pt'],
    ['Stopp', 'de'],
    ['Bitte abmelden', 'de'],
    ['RET', 'tr'],
    ['İPTAL', 'tr'],
    ['IPTAL', 'tr'],
    ['iptal', 'tr'],
    ['ıptal', 'tr'],
    ['ÇIK', 'tr'],
    ['çik', 'tr'],
    ['cık', 'tr'],
    ['iptal lütfen', 'tr'],
    ['لغو', 'fa'],
    ['لغو۱۱', 'fa'],
    ['لغو ۱۱', 'fa'],
    ['لغو11', 'fa'],
    ['لغو\u200c۱۱', 'fa'],
    ['لغـــو', 'fa'],
    ['لغو عضويت', 'fa'],
    ['لطفاً لغو', 'fa'],
    ['إيقاف', 'ar'],
    ['ايقاف', 'ar'],
    ['إلغاء', 'ar'],
    ['الغاء', 'ar'],
    ['СТОП', 'ru'],
    ['стоп, пожалуйста', 'ru'],
    ['Отписаться', 'ru'],
    ['İMTİNA', 'az'],
    ['ləğv', 'az'],
    ['LƏĞV ET', 'az'],
    ['legv', 'az'],
    ['Lopeta', 'fi'],
    ['Avsluta', 'sv'],
  ])('%j leaves (%s)', (text, language) => {
    expect(readKeyword(text)).toMatchObject({ kind: 'stop', language });
  });

  test.each([
    "please don't stop the music",
    'I will stop by at 5',
    'stop by',
    'nonstop',
    'stopping',
    'Can I cancel my order 123?',
    'the end',
    'Don’t stop',
    'never stop',
    'bus stop',
    'stop start',
    'start stop',
    'no',
    'ok',
    '',
    '   ',
    '🛑',
    '...',
    'red',
    'Peru',
    'retro',
    'durum',
    '11',
    '12',
    '۱۱',
    '111',
    'لغو سفارش من',
    'не стоп',
    'please',
    'help me stop this music from playing',
    'Je ne veux pas arrêter',
  ])('%j is no keyword', text => {
    expect(readKeyword(text)).toBeNull();
  });

  test.each([
    ['START', 'en'],
    ['unstop', 'en'],
    ['Subscribe!', 'en'],
    ['BAŞLA', 'tr'],
    ['basla', 'tr'],
    ['شروع', 'fa'],
    ['عضویت', 'fa'],
    ['ابدأ', 'ar'],
    ['СТАРТ', 'ru'],
    ['Aloita', 'fi'],
  ])('%s comes back (%s)', (text, language) => {
    expect(readKeyword(text)).toMatchObject({ kind: 'start', language });
  });

  test.each([
    'HELP',
    'info',
    'Aide',
    'ayuda',
    'Hilfe',
    'YARDIM',
    'yardim',
    'BİLGİ',
    'راهنما',
    'помощь',
    'KÖMƏK',
    'ohje',
    'hjälp',
    'help please',
  ])('%s asks', text => {
    expect(kindOf(text)).toBe('help');
  });

  test.each(['YES', 'Yes please', 'evet', 'ДА', 'ja', 'sí', 'OUI', 'sim', 'bəli', 'kyllä', 'نعم', 'بله', 'ONAY'])(
    '%s opts in only who has opted out',
    text => {
      expect(kindOf(text)).toBeNull();
      expect(kindOf(text, { isOptedOut: true })).toBe('start');
    },
  );

  test('11 and 12 are keywords on Iranian lines only, in any digits', () => {
    for (const eleven of ['11', '۱۱', '١١', '１１', ' 11. ']) expect(kindOf(eleven, { senderCountry: 'IR' })).toBe('stop');
    for (const twelve of ['12', '۱۲']) expect(kindOf(twelve, { senderCountry: 'IR' })).toBe('start');
    expect(kindOf('11', { senderCountry: 'TR' })).toBeNull();
  });

  test('words that mean something else abroad count at home', () => {
    expect(kindOf('RED', { senderCountry: 'TR' })).toBe('stop');
    expect(kindOf('red', { senderCountry: 'US' })).toBeNull();
    expect(kindOf('peru', { senderCountry: 'FI' })).toBe('stop');
  });

  test('a flood of characters is no keyword and costs nothing', () => {
    expect(readKeyword('stop'.padEnd(300))).toBeNull();
    expect(readKeyword('x '.repeat(1_000_000))).toBeNull();
  });

  test('says which word it was', () => {
    expect(readKeyword('ÇIK!')).toEqual({ kind: 'stop', keyword: 'cik', language: 'tr' });
  });
});

describe('keyword table', () => {
  test('no word means two things', () => {
    const kinds = new Map<string, string>();
    for (const row of keywordRows)
      for (const word of row.words.map(foldKeyword)) {
        expect([word, kinds.get(word) ?? row.kind]).toEqual([word, row.kind]);
        kinds.set(word, row.kind);
      }
  });

  test('every word is found in the form it is written in', () => {
    for (const { words, kind, onlyIn } of keywordRows)
      for (const word of words)
        expect([word, kindOf(word.toUpperCase(), { isOptedOut: true, senderCountry: onlyIn })]).toEqual([word, kind]);
  });
});
