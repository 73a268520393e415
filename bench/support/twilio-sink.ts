// A server that answers as Twilio's Messages API does and keeps nothing. A process of its own; on a SIGTERM it says what CPU it took.
import { createServer } from 'node:http';
import { serveSink } from './sink.js';

let taken = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let form = '';
  request.setEncoding('latin1').on('data', chunk => (form += String(chunk)));
  request.on('end', () => {
    const body = JSON.stringify(created(new URLSearchParams(form)));
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    response.writeHead(201, headers).end(body);
  });
});
serveSink(server);

function created(form: URLSearchParams): object {
  const sid = `SM${(++taken).toString(16).padStart(32, '0')}`;
  const account = `AC${'0'.repeat(32)}`;
  return {
    account_sid: account,
    api_version: '2010-04-01',
    body: form.get('Body'),
    date_created: 'Sun, 22 Nov 2026 09:00:00 +0000',
    date_sent: null,
    date_updated: 'Sun, 22 Nov 2026 09:00:00 +0000',
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: form.get('From'),
    messaging_service_sid: null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status: 'queued',
    subresource_uris: { media: `/2010-04-01/Accounts/${account}/Messages/${sid}/Media.json` },
    to: form.get('To'),
    uri: `/2010-04-01/Accounts/${account}/Messages/${sid}.json`,
  };
}
