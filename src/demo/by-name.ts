// Saves a segment or a template under its name: made in the first run, brought up to date in later ones.
import type { Api } from './api.js';

type Named = { id: string; name: string };
type Page = { data: Named[]; next: string | null };

/** `path` is the collection; `change` leaves out of the body what cannot be changed later. */
export async function saveByName<Body extends { name: string }>(
  api: Api,
  path: string,
  body: Body,
  change: (body: Body) => object,
): Promise<string> {
  const known = (await listAll(api, path)).find(({ name }) => name === body.name);
  const saved = known ? await api.patch<Named>(`${path}/${known.id}`, change(body)) : await api.post<Named>(path, body);
  return saved.id;
}

export async function listAll(api: Api, path: string): Promise<Named[]> {
  const found: Named[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Page = await api.get<Page>(`${path}?limit=500${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
    found.push(...page.data);
    after = page.next;
  }
  return found;
}
