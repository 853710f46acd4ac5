/** A product under test: what may be asked of it, with which keys, and how much. */
import type { Secret } from '../keys/secret.ts';
import type { Operation, ProductSpec } from '../specifications/model.ts';
import type { Asker } from './asker.ts';
import type { Call, Credentials } from './call.ts';
import type { Keys } from './cases/bad-credentials.ts';

export interface Subject {
  readonly spec: ProductSpec;
  readonly asker: Asker;
  readonly keys: Keys;
  /** Seed of all that is drawn by chance. */
  readonly seed: number;
  /** The embedded host: ids are real, and nothing that is changed matters. */
  readonly embedded: boolean;
  /** Its key is reset on the way. */
  readonly resetsKey: boolean;
  /** Off loopback: about 170 requests and 60 wrong keys, whatever the documentation lists. */
  readonly gentle: boolean;
  /** UNSAFE_METHODS: calls that may change something are sent too, never with the right key. */
  readonly unsafeMethods: boolean;
  /** Ids of the account, by the name of the parameter. */
  readonly ids: Readonly<Record<string, string>>;
}

const hasIds = (operation: Operation, { ids }: Subject): boolean =>
  operation.parameters.every((each) => each.in !== 'path' || Object.hasOwn(ids, each.name));

export const isUnsafe = (operation: Operation): boolean => operation.method !== 'GET' || operation.sideEffects;

/** A path that holds an id which is not known to be the account's: its answers prove nothing but a 401 or a let-in. */
export const isPlaceholder = (operation: Operation, subject: Subject): boolean =>
  !subject.embedded && operation.needsId && !hasIds(operation, subject);

/** Whether a wrong key that is let in would show: with a made-up id it is answered 404 as a rule, which tells nothing. */
export const showsLetIns = (operation: Operation, subject: Subject): boolean =>
  !isPlaceholder(operation, subject) || operation.method !== 'GET' || operation.answeredAfterAuthentication.length > 0;

/** The right key is sent only where the call changes nothing and its answer is nobody's secret. */
export const takesRightKey = (operation: Operation, subject: Subject): boolean =>
  operation.protected &&
  (subject.embedded || (!isUnsafe(operation) && !isPlaceholder(operation, subject) && !(operation.sensitive && subject.gentle)));

/** May be the product's control; TrustedForm documents nothing that can be called without an id, so a placeholder is tried there. */
export const mayBeControl = (operation: Operation, subject: Subject): boolean =>
  takesRightKey(operation, subject) ||
  (subject.spec.id === 'trustedform' && operation.protected && !isUnsafe(operation) && isPlaceholder(operation, subject));

/** Bad credentials are sent to every documented operation, the unsafe ones where the user says so. */
export const takesBadKeys = (operation: Operation, subject: Subject): boolean =>
  operation.protected && (subject.embedded || !isUnsafe(operation) || subject.unsafeMethods);

export const takesNoCredentials = (operation: Operation, subject: Subject): boolean =>
  !operation.protected && (subject.embedded || !isUnsafe(operation) || subject.unsafeMethods);

export const callTo = (
  subject: Subject,
  operation: Operation,
  credentials: Credentials,
  method: Call['method'] = operation.method,
): Call => ({
  operation,
  method,
  credentials,
  values: subject.ids,
});

/** Goes round and round a list. */
export function rotate<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => list[next++ % list.length] as T;
}

/** A key of the same length and alphabet as the right one, drawn from the seed, that was never issued. */
export function neverIssued(key: Secret, seed: number): Secret {
  return key.map((raw) => {
    let state = (seed ^ 0x9e3779b9) >>> 0;
    const draw = (below: number): number => {
      // A linear congruential generator (Numerical Recipes): the key needs to be another one, not a secret one.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const alphabet = /^[0-9a-f]*$/.test(raw) ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz0123456789';
    return [...raw].map(() => alphabet[draw(alphabet.length)]).join('');
  });
}
