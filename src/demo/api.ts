/**
 * The demo's only way to the product: its public HTTP API with a bearer key. A problem document becomes an error whose
 * message is what the API said, with the fields it named.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { request } from 'undici';

export type Upload = {
  readonly fields: Readonly<Record<string, string>>;
  readonly fileName: string;
  readonly file: Readable;
};

type Problem = { title?: string; detail?: string; errors?: { pointer: string; message: string }[] };

class ApiError extends Error {
  override readonly name = 'ApiError';
}

export class Api {
  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly signal: AbortSignal,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    return this.call('POST', path, JSON.stringify(body), 'application/json');
  }

  patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.call('PATCH', path, JSON.stringify(body), 'application/json');
  }

  /** A form whose file comes last and is streamed. */
  upload<Answer>(path: string, upload: Upload): Promise<Answer> {
    const boundary = `muster-${randomBytes(12).toString('hex')}`;
    const body = Readable.from(formParts(upload, boundary), { objectMode: false });
    return this.call('POST', path, body, `multipart/form-data; boundary=${boundary}`);
  }

  private async call<Answer>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: string | Readable,
    type?: string,
  ): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.key}`, ...(type === undefined ? {} : { 'content-type': type }) };
    const response = await request(`${this.url}${path}`, { method, headers, body, signal: this.signal });
    const text = await response.body.text();
    if (response.statusCode >= 400) throw new ApiError(`${method} ${path}: ${whatItSaid(text, response.statusCode)}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}

async function* formParts({ fields, fileName, file }: Upload, boundary: string): AsyncGenerator<Buffer> {
  const head = (disposition: string, type = ''): Buffer =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${type}\r\n`);
  for (const [name, value] of Object.entries(fields)) yield Buffer.concat([head(`name="${name}"`), Buffer.from(`${value}\r\n`)]);
  yield head(`name="file"; filename="${fileName}"`, 'Content-Type: text/csv\r\n');
  for await (const chunk of file as AsyncIterable<Buffer | string>) yield Buffer.from(chunk);
  yield Buffer.from(`\r\n--${boundary}--\r\n`);
}

function whatItSaid(text: string, status: number): string {
  const problem = parseProblem(text);
  const fields = (problem.errors ?? []).map(({ pointer, message }) => `${pointer}: ${message}`);
  return [`${status}`, problem.detail ?? problem.title ?? text.slice(0, 200), ...fields].join('; ');
}

function parseProblem(text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
