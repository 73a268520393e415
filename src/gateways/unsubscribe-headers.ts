/** The headers that let a mail program unsubscribe with one click (RFC 8058). Pure; delivery puts them on every marketing mail. */

/** The page and the one-click address in one: GET shows, POST acts (src/tracking/unsubscribe.controller.ts). */
export function unsubscribeUrl(publicUrl: string, token: string): string {
  return `${publicUrl}/u/${token}`;
}

export function unsubscribeHeaders(publicUrl: string, token: string): Record<string, string> {
  return {
    'List-Unsubscribe': `<${unsubscribeUrl(publicUrl, token)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
