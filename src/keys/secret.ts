/** A key, or a value made from one. It cannot be printed; see `reveal`. */
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

const mark = '[secret]';

export class Secret {
  readonly #raw: string;

  constructor(raw: string) {
    this.#raw = raw;
  }

  /** The value. Call it only to write a request or to search texts for the value (a proof enforces this). */
  reveal(): string {
    return this.#raw;
  }

  /** A value made from a secret is a secret too. */
  map(change: (raw: string) => string): Secret {
    return new Secret(change(this.#raw));
  }

  /** A value made from two secrets is a secret too. */
  combine(other: Secret, change: (raw: string, otherRaw: string) => string): Secret {
    return new Secret(change(this.#raw, other.#raw));
  }

  equals(other: Secret): boolean {
    return this.#raw === other.#raw;
  }

  /** Whether the value passes a test. */
  is(test: (raw: string) => boolean): boolean {
    return test(this.#raw);
  }

  /** In characters. */
  get length(): number {
    return this.#raw.length;
  }

  toString(): string {
    return mark;
  }

  toJSON(): string {
    return mark;
  }

  [Symbol.toPrimitive](): string {
    return mark;
  }

  [inspect.custom](): string {
    return mark;
  }
}

/** Identifies a key without revealing it: HMAC-SHA-256 with a random `salt`, in hex. */
export const keyedHash = (secret: Secret, salt: string): string => createHmac('sha256', salt).update(secret.reveal()).digest('hex');
