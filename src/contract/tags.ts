/** The chapters of the API's description: what each tag of an operation is about. A tag that is not here fails test/contract. */
export const tags = {
  accounts: 'The workspace of the key, its API keys and its audit trail.',
  contacts: 'Who: people, their addresses, what they consented to and did.',
  attributes: 'The registry of custom attributes: their types, names and sensitivity.',
  lists: 'Lists of contacts, made by hand, by imports or by the API.',
  tags: 'Tags on contacts.',
  suppressions: 'Addresses that must not be used, whoever has them.',
  imports: 'CSV files of contacts or orders, merged in the background.',
  segments: 'Rules that pick contacts: saved, counted, exported.',
  templates: 'What we say, in versions.',
  gateways: 'The doors to the outside: providers of SMS and email.',
  campaigns: 'A message to an audience: planned, launched, reported.',
  sandbox: 'A mailbox and a phone network inside the product.',
} as const;
