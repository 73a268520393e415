/**
 * Everything made from SECRET_KEY: signed public tokens, address hashes, encryption of gateway secrets. One key is derived
 * per purpose (HKDF), so a token of one kind never passes for another.
 */
import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Config } from './config.js';

/** Bytes of the signature kept in a token: 96 bits, beyond guessing over HTTP. */
const tokenMacBytes = 12;
const tokenMacLetters = (tokenMacBytes / 3) * 4;

export type TokenKind = 'receipt' | 'unsubscribe' | 'inbound';

@Injectable()
export class Signing {
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly config: Config) {}

  /** `parts` and a signature as one URL-safe word: what it names can be read by anyone, made only by us. */
  sign(kind: TokenKind, parts: readonly string[]): string {
    const body = parts.join('.');
    // The signature ends where a group of three bytes does, so the two can be spelled apart: a quarter of the cost less.
    const mac = createHmac('sha256', this.key(`token:${kind}`))
      .update(body)
      .digest('base64url');
    return `${mac.slice(0, tokenMacLetters)}${Buffer.from(body).toString('base64url')}`;
  }

  /** The parts of a token we signed, spelled as we spelled it, or null. */
  verify(kind: TokenKind, token: string): string[] | null {
    const raw = Buffer.from(token, 'base64url');
    if (raw.length <= tokenMacBytes || raw.toString('base64url') !== token) return null;
    const body = raw.subarray(tokenMacBytes);
    const expected = this.mac(`token:${kind}`, body).subarray(0, tokenMacBytes);
    return timingSafeEqual(expected, raw.subarray(0, tokenMacBytes)) ? body.toString('utf8').split('.') : null;
  }

  /** Hash of an address for suppression and reach: the same for every workspace row with that address, useless without the key. */
  hashAddress(workspaceId: string, channel: string, address: string): Buffer {
    return Buffer.from(this.hashAddressHex(workspaceId, channel, address), 'hex');
  }

  /** The same as 32 hexadecimal digits, for rows by the million. */
  hashAddressHex(workspaceId: string, channel: string, address: string): string {
    const data = `${workspaceId}:${channel}:${address}`;
    return createHmac('sha256', this.key('address')).update(data).digest('hex').slice(0, 32);
  }

  /** AES-256-GCM; the nonce leads. */
  encrypt(text: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key('gateway-secrets'), nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** Throws when the text was encrypted under another SECRET_KEY or was changed. */
  decrypt(sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.key('gateway-secrets'), sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
  }

  /** A secret word that other parts of the process can derive too (the sandbox's auth token). */
  derive(purpose: string): string {
    return this.key(purpose).toString('hex');
  }

  private mac(purpose: string, data: string | Buffer): Buffer {
    return createHmac('sha256', this.key(purpose)).update(data).digest();
  }

  private key(purpose: string): Buffer {
    const known = this.keys.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.config.secretKey, 'muster', purpose, 32));
    this.keys.set(purpose, key);
    return key;
  }
}
