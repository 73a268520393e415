/** The tables an audience is counted from and frozen from. Stale statistics on them cost minutes at a million contacts (see Statistics). */
export const audienceTables = ['contact', 'reach', 'list_member', 'contact_tag', 'contact_value', 'purchase'] as const;
