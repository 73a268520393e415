/**
 * A server that answers as Twilio's Messages API does, as fast as one can in Node.js: bare sockets, because what it takes of the machine is taken
 * from what is measured. Keeps nothing, takes pipelined requests. A process of its own; on a SIGTERM it says what CPU it took.
 */
import { createServer, type Socket } from 'node:net';
import { serveSink } from './sink.js';

const endOfHead = '\r\n\r\n';
const account = `AC${'0'.repeat(32)}`;

let taken = 0;

const server = createServer({ noDelay: true }, socket => {
  new Session(socket);
});
serveSink(server);

class Session {
  /** What has come and is not answered, a character a byte. */
  private rest = '';

  constructor(private readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', chunk => this.read(String(chunk))).on('error', () => socket.destroy());
  }

  private read(chunk: string): void {
    this.rest += chunk;
    let answers = '';
    for (let next = this.next(); next !== null; next = this.next()) answers += next;
    if (answers !== '') this.socket.write(answers, 'latin1');
  }

  /** The answer to the next request that is here whole, or null. */
  private next(): string | null {
    const head = this.rest.indexOf(endOfHead);
    if (head < 0) return null;
    const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(this.rest.slice(0, head))?.[1] ?? 0);
    const [from, to] = [head + endOfHead.length, head + endOfHead.length + bodyLength];
    if (this.rest.length < to) return null;
    const created = answerTo(this.rest.slice(from, to));
    this.rest = this.rest.slice(to);
    return `HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ${created.length}\r\nconnection: keep-alive\r\n\r\n${created}`;
  }
}

/** The message as Twilio gives it back, in ASCII. */
function answerTo(form: string): string {
  const sid = `SM${(++taken).toString(16).padStart(32, '0')}`;
  const path = `/2010-04-01/Accounts/${account}/Messages/${sid}`;
  return (
    `{"account_sid":"${account}","api_version":"2010-04-01","body":${partOf(form, 'Body')},"date_created":"Sun, 22 Nov 2026 09:00:00 +0000",` +
    `"date_sent":null,"date_updated":"Sun, 22 Nov 2026 09:00:00 +0000","direction":"outbound-api","error_code":null,"error_message":null,` +
    `"from":${partOf(form, 'From')},"messaging_service_sid":null,"num_media":"0","num_segments":"1","price":null,"price_unit":"USD",` +
    `"sid":"${sid}","status":"queued","subresource_uris":{"media":"${path}/Media.json"},"to":${partOf(form, 'To')},"uri":"${path}.json"}`
  );
}

/** A part of a form as JSON; the benches write plain ASCII. */
function partOf(form: string, name: string): string {
  const start = form.startsWith(`${name}=`) ? 0 : form.indexOf(`&${name}=`) + 1;
  const end = form.indexOf('&', start);
  return JSON.stringify(decodeURIComponent(form.slice(start + name.length + 1, end < 0 ? undefined : end).replaceAll('+', ' ')));
}
