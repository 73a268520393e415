/** Server-sent events as a client hears them. */
import type { TestApp } from './app.js';
import { eventually } from './eventually.js';

export type Heard = { id: string; name: string; data: any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- a test asserts what is in it

export type Listener = {
  status: number;
  headers: Headers;
  /** Everything heard so far, in order. */
  events: Heard[];
  /** All that came, heartbeats and the retry line too. */
  text(): string;
  isOver(): boolean;
  hangUp(): void;
};

export async function listen(
  app: Pick<TestApp, 'url' | 'key'>,
  path: string,
  headers: Record<string, string> = {},
): Promise<Listener> {
  const aborting = new AbortController();
  const response = await fetch(app.url + path, {
    headers: { authorization: `Bearer ${app.key}`, ...headers },
    signal: aborting.signal,
  });
  const heard = { text: '', isOver: false };
  const events: Heard[] = [];
  void hear(response, heard, events).finally(() => (heard.isOver = true));
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => heard.text,
    isOver: () => heard.isOver,
    hangUp: () => aborting.abort(),
  };
}

export const untilOver = (listener: Listener): Promise<boolean> => eventually(() => listener.isOver(), 60_000);

async function hear(response: Response, heard: { text: string }, events: Heard[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const piece of response.body ?? []) {
      const text = decoder.decode(piece as Uint8Array, { stream: true });
      heard.text += text;
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        if (data !== undefined) events.push({ id: field('id') ?? '', name: field('event') ?? '', data: JSON.parse(data) });
      }
    }
  } catch {
    // Hung up by the test, or cut off by the server: over either way.
  }
}
