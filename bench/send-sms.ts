/**
 * An SMS campaign through the Twilio adapter, until the last message is settled. Floor: a bare loop of `node:http` requests of the same
 * bodies over 20 kept connections, in one process.
 */
import { Agent, request } from 'node:http';
import { runBench } from './support/bench.js';
import { connections, twilioAccount, twilioDoor } from './support/doors.js';
import { benchSending } from './support/send.js';

const { accountSid, authToken } = twilioAccount;
const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;

await runBench('send-sms', 20_000, bench => benchSending(bench, twilioDoor, floor));

async function floor(port: number, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const lane = async () => {
    while (left-- > 0) await post(agent, port, left);
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
}

function post(agent: Agent, port: number, n: number): Promise<void> {
  const body = new URLSearchParams({
    To: `+1212${2_000_000 + n}`,
    From: '+12025550100',
    Body: 'Hi First123, your order is ready: show this message at the counter until Sunday. Reply STOP to opt out.',
    // As long as a signed token is.
    StatusCallback: `http://127.0.0.1:3000/webhooks/twilio/receipt/${'x'.repeat(48)}`,
  }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', chunk => (text += String(chunk)));
      answer.on('end', () => (sidOf(text) === undefined ? reject(new Error(text)) : resolve()));
    });
    sent.on('error', reject).end(body);
  });
}

/** What a sender has to know of the answer. */
function sidOf(text: string): string | undefined {
  return (JSON.parse(text) as { sid?: string }).sid;
}
