/** The pages behind an unsubscribe link: small, without scripts or outside parts, readable by any browser and screen reader. Pure. */

type Page = { title: string; body: string };

export function askPage(address: string | null, topic: string): string {
  const whose = address === null ? '' : ` sent to <strong>${escapeHtml(maskAddress(address))}</strong>`;
  return page({
    title: 'Unsubscribe',
    body: `
      <p>Do you no longer want messages about <strong>${escapeHtml(topic)}</strong>${whose}?</p>
      <form method="post">
        <button name="scope" value="topic">Unsubscribe from ${escapeHtml(topic)}</button>
        <button name="scope" value="all" class="quiet">Unsubscribe from everything</button>
      </form>`,
  });
}

export function donePage(topic: string, scope: 'topic' | 'all'): string {
  const what = scope === 'all' ? 'all our messages' : `messages about <strong>${escapeHtml(topic)}</strong>`;
  return page({
    title: 'You are unsubscribed',
    body: `<p role="status">You will get no more of ${what}. You can close this page.</p>`,
  });
}

export function unknownPage(): string {
  return page({
    title: 'This link is not known',
    body: '<p>It may have been cut off when it was copied. Please open it again from the message, or reply to the message instead.</p>',
  });
}

/** No script, no image, no frame: a page that can only be read and answered. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
} as const;

function page({ title, body }: Page): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; }
      body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem; }
      button { font: inherit; display: block; margin: 1rem 0; padding: .75rem 1.25rem; border: 2px solid #1a56db; border-radius: .5rem;
        background: #1a56db; color: #fff; cursor: pointer; }
      button.quiet { background: transparent; color: inherit; border-color: currentColor; }
      button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>${body}
    </main>
  </body>
</html>
`;
}

/** Enough for its owner to know it, too little for somebody the mail was forwarded to. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return `${address.slice(0, 3)}…${address.slice(-2)}`;
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
