/** A key, or something made from one. It has no form that can be printed: see `reveal`. */
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

const mark = '[secret]';

export class Secret {
  readonly #raw: string;

  constructor(raw: string) {
    this.#raw = raw;
  }

  /** The value itself. Called where a request is written, and where texts are searched for it; nowhere else (a proof holds that). */
  reveal(): string {
    return this.#raw;
  }

  /** A key made from a key is a secret too. */
  map(change: (raw: string) => string): Secret {
    return new Secret(change(this.#raw));
  }

  /** What is made from two of them is one as well. */
  combine(other: Secret, change: (raw: string, otherRaw: string) => string): Secret {
    return new Secret(change(this.#raw, other.#raw));
  }

  equals(other: Secret): boolean {
    return this.#raw === other.#raw;
  }

  /** Whether something holds of it. */
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

/** The value for another process of this run, which has to know what it is to mask: over the channel between the two, and nowhere else. */
export const handedOver = (secret: Secret): string => secret.reveal();

/** By which a key is recognised, and not found out: HMAC-SHA-256 under a random `salt`, in hex. */
export const keyedHash = (secret: Secret, salt: string): string => createHmac('sha256', salt).update(secret.reveal()).digest('hex');
