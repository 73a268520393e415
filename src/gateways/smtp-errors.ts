/**
 * SMTP failures by what they mean for us: by the enhanced code (RFC 3463) where the server gives one, else by the reply code, and for a
 * broken connection by whether the message had been handed over.
 */
import type { GatewayErrorKind } from '../domain/message/gateway-errors.js';
import { GatewayError } from './gateway-error.js';

/** The fields nodemailer puts on its errors. */
export type SmtpFailure = Error & {
  code?: string;
  originalCode?: string;
  response?: string;
  responseCode?: number;
  command?: string;
};

/** Greylisting lets the same triple pass after some minutes. */
const greylistMs = 5 * 60_000;
/** Servers that say "too many" mean a minute or more. */
const tooFastMs = 60_000;

/** `isHandedOver`: at least a part of the message's body was on its way. */
export function smtpError(failure: SmtpFailure, isHandedOver: boolean): GatewayError {
  if (failure.responseCode !== undefined) return replyError(failure, failure.responseCode);
  const code = failure.originalCode ?? failure.code ?? 'ERROR';
  return new GatewayError(isHandedOver ? 'unknown' : kindWithoutReply(failure), failure.message, { code, cause: failure });
}

function kindWithoutReply({ code }: SmtpFailure): GatewayErrorKind {
  if (code === 'ETLS' || code === 'EREQUIRETLS' || code === 'ENOAUTH' || code === 'EAUTH' || code === 'ECONFIG')
    return 'misconfigured';
  // The composer's or the connection's own check of this message: larger than the server takes, an address it cannot write.
  if (code === 'EMESSAGE' || code === 'EENVELOPE' || code === 'ESTREAM') return 'rejected';
  return 'retryable';
}

/** A reply of 4xx or 5xx means "not taken" at every stage, after the body too. */
function replyError(failure: SmtpFailure, replyCode: number): GatewayError {
  const response = failure.response ?? failure.message;
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const kind = kindOfReply(replyCode, enhanced ?? '', failure);
  const code = enhanced === undefined ? String(replyCode) : `${replyCode} ${enhanced}`;
  return new GatewayError(kind, response, { code, retryAfterMs: waitMs(kind, enhanced), cause: failure });
}

const tooFast = /rate|too (many|fast|quick)|throttl|slow down|limit exceeded|try again later/i;

function kindOfReply(replyCode: number, enhanced: string, { code, response = '', command = '' }: SmtpFailure): GatewayErrorKind {
  const isAuth = code === 'EAUTH' || command.startsWith('AUTH');
  if (replyCode < 500) return !isAuth && (tooFast.test(response) || replyCode === 421) ? 'throttled' : 'retryable';
  if (isAuth || isAboutUs(replyCode, enhanced)) return 'misconfigured';
  // Refusing to greet, or the sender, is about us; refusing a recipient or a text is about this message.
  return command === 'CONN' || command === 'EHLO' || (command === 'MAIL FROM' && !enhanced.startsWith('5.1.'))
    ? 'misconfigured'
    : 'rejected';
}

/** Sender bad (5.1.7, 5.1.8), policy and authentication of our domain (5.7.x but 5.7.1, which servers also use for one recipient). */
function isAboutUs(replyCode: number, enhanced: string): boolean {
  if (replyCode === 530 || replyCode === 535 || replyCode === 538) return true;
  return enhanced === '5.1.7' || enhanced === '5.1.8' || (enhanced.startsWith('5.7.') && enhanced !== '5.7.1');
}

function waitMs(kind: GatewayErrorKind, enhanced: string | undefined): number | undefined {
  if (kind === 'throttled') return tooFastMs;
  return kind === 'retryable' && enhanced === '4.7.1' ? greylistMs : undefined;
}
