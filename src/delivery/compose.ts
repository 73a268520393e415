/**
 * From a due row to what goes on the wire: merge values fill the template's holes, links and callbacks carry signed
 * tokens, SMS are counted. Pure but for the signing. A message that cannot be made is a refusal, not an error.
 */
import type { Refusal } from '../domain/message/refusals.js';
import { countParts } from '../domain/sms/encoding.js';
import type { MergeValues } from '../domain/template/render.js';
import type { Accepted } from '../gateways/sms.gateway.js';
import type { OpenEmailGateway, OpenGateway, OpenSmsGateway } from '../gateways/open-gateway.js';
import { unsubscribeHeaders } from '../gateways/unsubscribe-headers.js';
import type { Dispatch } from '../messages/dispatch.js';
import type { WaveItem } from '../messages/claim.sql.js';
import type { Due } from '../messages/ledger.service.js';
import type { Signing } from '../platform/signing.js';
import type { CompiledContent, RenderedEmail, RenderedSms } from '../templates/compiled-content.js';

/** More parts than any provider takes in one request (Twilio: 1600 characters). */
const maxSmsCharacters = 1_600;

/** Ready to go, or not to be made; both are claimed in waves. */
export type Draft = Composed | Uncomposable;

export type Composed = WaveItem & {
  refusal: null;
  /** Units of the gateway's rate: SMS parts, or one email. */
  units: number;
  send(): Promise<Accepted>;
};

export type Uncomposable = WaveItem & { refusal: Refusal; units: 0 };

export type ComposeContext = {
  dispatch: Dispatch;
  content: CompiledContent;
  gateway: OpenGateway;
  signing: Signing;
  publicUrl: string;
  /** Values that are the same for everyone: campaignName, workspaceName. */
  common: MergeValues;
};

export function compose(context: ComposeContext, due: Due, facts: MergeValues): Draft {
  const { contactId } = due;
  const { fields } = context.content;
  // Signing is half the cost of an SMS that has no link.
  const isLinked = context.gateway.channel === 'email' || fields.includes('unsubscribeUrl');
  const unsubscribe = isLinked ? unsubscribeToken(context, contactId) : '';
  const values = pick({ ...facts, ...context.common, unsubscribeUrl: `${context.publicUrl}/u/${unsubscribe}` }, fields);
  const rendered = tryRender(context.content, values);
  if (rendered === null) return uncomposable(due, 'unrenderable');
  const { gateway } = context;
  if (rendered.channel === 'sms' && gateway.channel === 'sms') return composeSms(context, gateway, due, rendered, values);
  if (rendered.channel === 'email' && gateway.channel === 'email')
    return composeEmail(context, gateway, due, rendered, values, unsubscribe);
  throw new Error(`a ${rendered.channel} template met a ${gateway.channel} gateway`);
}

function composeSms(context: ComposeContext, gateway: OpenSmsGateway, due: Due, { text }: RenderedSms, values: object): Draft {
  const { contactId, address } = due;
  if (text.trim() === '') return uncomposable(due, 'empty-message');
  if (text.length > maxSmsCharacters) return uncomposable(due, 'too-long');
  const { encoding, parts } = countParts(text);
  const send = () =>
    gateway.sms.send({
      to: address,
      from: context.dispatch.sender.from ?? '',
      body: text,
      callbackUrl: gateway.callbackUrl(receiptToken(context, contactId)),
      idempotencyKey: messageName(context.dispatch, contactId),
    });
  return { contactId, address, encoding, parts, mergeValues: values, refusal: null, units: parts, send };
}

function composeEmail(
  context: ComposeContext,
  gateway: OpenEmailGateway,
  due: Due,
  rendered: RenderedEmail,
  values: object,
  unsubscribe: string,
): Draft {
  const { contactId, address } = due;
  if (rendered.html.trim() === '') return uncomposable(due, 'empty-message');
  const { fromAddress = '', fromName, replyTo } = context.dispatch.sender;
  const isMarketing = context.dispatch.class === 'marketing';
  const send = () =>
    gateway.email.send({
      to: address,
      from: { name: fromName, address: fromAddress },
      replyTo,
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
      messageId: `<${messageName(context.dispatch, contactId)}@${fromAddress.split('@')[1] ?? 'localhost'}>`,
      headers: isMarketing ? unsubscribeHeaders(context.publicUrl, unsubscribe) : {},
      // Signed only for gateways that ask for it: most mail servers send no receipts.
      get callbackUrl() {
        return gateway.callbackUrl(receiptToken(context, contactId));
      },
    });
  return { contactId, address, encoding: null, parts: null, mergeValues: values, refusal: null, units: 1, send };
}

/** Nothing of the person is kept with a message that was never made. */
function uncomposable({ contactId, address }: Due, refusal: Refusal): Uncomposable {
  return { contactId, address, encoding: null, parts: null, mergeValues: null, refusal, units: 0 };
}

/** Null when the template fails for these values (the rendered text outgrew its cap). */
export function tryRender(content: CompiledContent, values: MergeValues): RenderedSms | RenderedEmail | null {
  try {
    return content.render(values);
  } catch {
    return null;
  }
}

/** The same for every try of a message, and what its Message-ID is made from. */
function messageName(dispatch: Dispatch, contactId: string): string {
  return `m.${dispatch.workspaceId}.${dispatch.id}.${contactId}.${dispatch.step}`;
}

function receiptToken({ dispatch, gateway, signing }: ComposeContext, contactId: string): string {
  return signing.sign('receipt', [
    dispatch.workspaceId,
    dispatch.id,
    contactId,
    dispatch.channel,
    String(dispatch.step),
    gateway.id,
  ]);
}

function unsubscribeToken({ dispatch, signing }: ComposeContext, contactId: string): string {
  return signing.sign('unsubscribe', [dispatch.workspaceId, contactId, dispatch.channel, dispatch.topic, dispatch.id]);
}

/** Only what the template asks for, so that no more of a person is stored with a message than it shows. `attributes.x` stays nested. */
function pick(values: MergeValues, fields: readonly string[]): MergeValues {
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    const [first = '', second] = field.split('.', 2);
    const value = (values as Record<string, unknown>)[first];
    if (value === undefined || value === null) continue;
    if (second === undefined) picked[first] = value;
    else {
      const inner = (value as Record<string, unknown>)[second];
      if (inner !== undefined && inner !== null) picked[first] = { ...(picked[first] as object | undefined), [second]: inner };
    }
  }
  return picked as MergeValues;
}
