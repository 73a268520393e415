// Two messages as their readers got them, read back from the sandbox's phone and mailbox.
import type { SandboxMessage } from '../../contract/sandbox.js';
import type { Channel } from '../../domain/ids.js';
import type { Demo } from '../demo.js';

const shownLines = 12;

/** The newest of the channel: right after a campaign, one of its own. */
export async function newestMessage(demo: Demo, channel: Channel): Promise<SandboxMessage> {
  const { data } = await demo.api.get<{ data: { id: string }[] }>(`/v1/sandbox/messages?channel=${channel}&limit=1`);
  const [newest] = data;
  if (!newest) throw new Error(`the sandbox took no ${channel}`);
  return demo.api.get<SandboxMessage>(`/v1/sandbox/messages/${newest.id}`);
}

export function showMessage(demo: Demo, message: SandboxMessage): void {
  const lines = (message.text ?? '').trim().split(/\s*\n\s*/);
  const shown = lines.length > shownLines ? [...lines.slice(0, shownLines), '…'] : lines;
  demo.screen.line(`  ${message.channel === 'sms' ? 'SMS' : 'Email'} from ${message.from} to ${message.to}`);
  if (message.subject) demo.screen.line(`  Subject: ${message.subject}`);
  for (const line of shown) demo.screen.line(`  │ ${line}`);
  demo.screen.line();
}
