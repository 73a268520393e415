/**
 * What people text to leave, to come back and to ask, by language. STOP and its kin, RET and لغو۱۱ are set by regulators
 * and carriers; the rest is what people write. Each entry is a whole message: nothing here is looked for inside a text.
 */
export type KeywordKind = 'stop' | 'start' | 'help';
export type KeywordLanguage = 'en' | 'fr' | 'es' | 'pt' | 'de' | 'tr' | 'fa' | 'ar' | 'ru' | 'az' | 'fi' | 'sv';

export type KeywordRow = {
  language: KeywordLanguage;
  kind: KeywordKind;
  words: readonly string[];
  /** Counts only for messages to a sender of this country (ISO alpha-2): elsewhere the word means something else. */
  onlyIn?: string;
  /** A plain yes: opts in only who has opted out, for it answers many other questions too. */
  isYes?: true;
};

/** Where languages share a word, the first row names the language. */
export const keywordRows: readonly KeywordRow[] = [
  { language: 'en', kind: 'stop', words: ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout'] },
  {
    language: 'en',
    kind: 'stop',
    words: [
      'opt out',
      'opt me out',
      'stop all',
      'stop it',
      'stop now',
      'stop this',
      'stop texting',
      'stop texting me',
      'stop messaging me',
      'stop sending',
      'stop sms',
      'stop texts',
      'stop messages',
      'stop sending me messages',
      'unsubscribe me',
      'unsubscribe all',
      'remove me',
      'remove me from your list',
      'remove my number',
      'take me off',
      'take me off your list',
      'no more',
      'no more texts',
      'no more messages',
      'do not text me',
      'dont text me',
      'do not contact me',
      'dont contact me',
      'leave me alone',
      'cancel subscription',
      'end subscription',
    ],
  },
  { language: 'en', kind: 'start', words: ['start', 'unstop', 'subscribe', 'opt in', 'optin', 'resubscribe'] },
  { language: 'en', kind: 'start', words: ['yes'], isYes: true },
  { language: 'en', kind: 'help', words: ['help', 'info'] },

  { language: 'fr', kind: 'stop', words: ['arrêt', 'arrêter', 'désabo', 'désabonner', 'désinscription', 'me désabonner'] },
  { language: 'fr', kind: 'start', words: ['début', 'reprendre'] },
  { language: 'fr', kind: 'start', words: ['oui'], isYes: true },
  { language: 'fr', kind: 'help', words: ['aide'] },

  {
    language: 'es',
    kind: 'stop',
    words: ['alto', 'parar', 'baja', 'cancelar', 'no más', 'no más mensajes', 'dar de baja', 'darme de baja'],
  },
  { language: 'es', kind: 'start', words: ['alta', 'iniciar'] },
  { language: 'es', kind: 'start', words: ['sí'], isYes: true },
  { language: 'es', kind: 'help', words: ['ayuda'] },

  { language: 'pt', kind: 'stop', words: ['sair', 'parar mensagens', 'cancelar inscrição'] },
  { language: 'pt', kind: 'start', words: ['sim'], isYes: true },
  { language: 'pt', kind: 'help', words: ['ajuda'] },

  { language: 'de', kind: 'stop', words: ['stopp', 'abmelden', 'abbestellen', 'keine sms mehr', 'keine nachrichten mehr'] },
  { language: 'de', kind: 'start', words: ['anmelden'] },
  { language: 'de', kind: 'start', words: ['ja'], isYes: true },
  { language: 'de', kind: 'help', words: ['hilfe'] },

  {
    language: 'tr',
    kind: 'stop',
    words: ['ret', 'iptal', 'dur', 'çık', 'iptal et', 'listeden çıkar', 'mesaj atmayın', 'mesaj göndermeyin'],
  },
  { language: 'tr', kind: 'stop', words: ['red'], onlyIn: 'TR' },
  { language: 'tr', kind: 'start', words: ['başla'] },
  { language: 'tr', kind: 'start', words: ['evet', 'onay', 'kabul'], isYes: true },
  { language: 'tr', kind: 'help', words: ['yardım', 'bilgi'] },

  {
    language: 'fa',
    kind: 'stop',
    words: ['لغو', 'لغو11', 'لغو 11', 'توقف', 'انصراف', 'لغو عضویت', 'ارسال نکنید', 'پیام ندهید', 'نفرستید'],
  },
  { language: 'fa', kind: 'stop', words: ['11'], onlyIn: 'IR' },
  { language: 'fa', kind: 'start', words: ['شروع', 'عضویت'] },
  { language: 'fa', kind: 'start', words: ['12'], onlyIn: 'IR' },
  { language: 'fa', kind: 'start', words: ['بله'], isYes: true },
  { language: 'fa', kind: 'help', words: ['راهنما'] },

  { language: 'ar', kind: 'stop', words: ['إيقاف', 'إلغاء', 'قف', 'إلغاء الاشتراك', 'الغاء الاشتراك'] },
  { language: 'ar', kind: 'start', words: ['ابدأ', 'اشتراك'] },
  { language: 'ar', kind: 'start', words: ['نعم'], isYes: true },
  { language: 'ar', kind: 'help', words: ['مساعدة'] },

  {
    language: 'ru',
    kind: 'stop',
    words: ['стоп', 'отписаться', 'отписка', 'отказ', 'отмена', 'отпишите меня', 'не присылайте', 'хватит'],
  },
  { language: 'ru', kind: 'start', words: ['старт', 'подписаться'] },
  { language: 'ru', kind: 'start', words: ['да'], isYes: true },
  { language: 'ru', kind: 'help', words: ['помощь'] },

  { language: 'az', kind: 'stop', words: ['dayan', 'dayandır', 'imtina', 'ləğv', 'ləğv et', 'mesaj göndərməyin'] },
  { language: 'az', kind: 'start', words: ['başla'] },
  { language: 'az', kind: 'start', words: ['bəli'], isYes: true },
  { language: 'az', kind: 'help', words: ['kömək'] },

  { language: 'fi', kind: 'stop', words: ['lopeta', 'lopettakaa', 'peruuta'] },
  { language: 'fi', kind: 'stop', words: ['peru'], onlyIn: 'FI' },
  { language: 'fi', kind: 'start', words: ['aloita'] },
  { language: 'fi', kind: 'start', words: ['kyllä'], isYes: true },
  { language: 'fi', kind: 'help', words: ['ohje'] },

  { language: 'sv', kind: 'stop', words: ['avsluta', 'sluta'] },
  { language: 'sv', kind: 'start', words: ['börja'] },
  { language: 'sv', kind: 'help', words: ['hjälp'] },
];

/** Said around a keyword without changing it. */
export const politeWords: readonly string[] = [
  'please',
  'pls',
  'plz',
  'thanks',
  'thank you',
  'hi',
  'hello',
  'merci',
  'por favor',
  'gracias',
  'obrigado',
  'bitte',
  'danke',
  'lütfen',
  'teşekkürler',
  'لطفا',
  'ممنون',
  'من فضلك',
  'شكرا',
  'пожалуйста',
  'спасибо',
  'zəhmət olmasa',
  'xahiş edirəm',
  'kiitos',
  'tack',
];
