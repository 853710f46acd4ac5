/** A product under test: which calls may be sent to it, with which keys, and how many. */
import type { Secret } from '../keys/secret.ts';
import type { Operation, ProductSpec } from '../specifications/model.ts';
import type { Asker } from './asker.ts';
import type { Call, Credentials } from './call.ts';
import type { Keys } from './cases/bad-credentials.ts';

export interface Subject {
  readonly spec: ProductSpec;
  readonly asker: Asker;
  readonly keys: Keys;
  /** Seed of all random values. */
  readonly seed: number;
  /** The embedded host: ids are real, and changes do no harm. */
  readonly embedded: boolean;
  /** Its key is reset during the run. */
  readonly resetsKey: boolean;
  /** Off loopback: at most about 170 requests and 60 wrong keys, however many operations are documented. */
  readonly gentle: boolean;
  /** UNSAFE_METHODS: calls that may change something are sent too, never with the right key. */
  readonly unsafeMethods: boolean;
  /** Ids of the account, by parameter name. */
  readonly ids: Readonly<Record<string, string>>;
}

const hasIds = (operation: Operation, { ids }: Subject): boolean =>
  operation.parameters.every((each) => each.in !== 'path' || Object.hasOwn(ids, each.name));

/** It may change something (RFC 9110 section 9.2.1), or is documented to. */
export const isUnsafe = (operation: Operation): boolean => operation.method !== 'GET' || operation.sideEffects;

/** The path holds a made-up id instead of one of the account's: only a 401 or an acceptance proves anything. */
export const isPlaceholder = (operation: Operation, subject: Subject): boolean =>
  !subject.embedded && operation.needsId && !hasIds(operation, subject);

/** Whether an accepted wrong key would be visible: with a made-up id the usual answer is a 404, which proves nothing. */
export const showsAcceptance = (operation: Operation, subject: Subject): boolean =>
  !isPlaceholder(operation, subject) || operation.method !== 'GET' || operation.answeredAfterAuthentication.length > 0;

/** The right key is sent only if the call changes nothing and its answer holds no one else's secrets. */
export const takesRightKey = (operation: Operation, subject: Subject): boolean =>
  operation.protected &&
  (subject.embedded || (!isUnsafe(operation) && !isPlaceholder(operation, subject) && !(operation.sensitive && subject.gentle)));

/** Every call that would change nothing needs an id. */
const needsIds = ({ operations }: ProductSpec): boolean => operations.every((each) => !each.protected || isUnsafe(each) || each.needsId);

/** May be the product's control. Where no call without an id is documented, a placeholder id is tried. */
export const mayBeControl = (operation: Operation, subject: Subject): boolean =>
  takesRightKey(operation, subject) ||
  (needsIds(subject.spec) && operation.protected && !isUnsafe(operation) && isPlaceholder(operation, subject));

/** The variables that would give the ids of the account that are not known. */
export const missingIds = ({ spec, ids }: Subject): ProductSpec['idVariables'] =>
  spec.idVariables.filter(({ parameter }) => !Object.hasOwn(ids, parameter));

/** Bad credentials are sent to every documented operation; to unsafe ones only if the user allows it. */
export const takesBadKeys = (operation: Operation, subject: Subject): boolean =>
  operation.protected && (subject.embedded || !isUnsafe(operation) || subject.unsafeMethods);

/** A documented call without credentials that may be sent. */
export const takesNoCredentials = (operation: Operation, subject: Subject): boolean =>
  !operation.protected && (subject.embedded || !isUnsafe(operation) || subject.unsafeMethods);

/** A call to this operation, with the ids of the account where the user has set them. */
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

/** Returns the items of a list in turn, over and over. */
export function rotate<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => list[next++ % list.length] as T;
}

/** A key that was never issued, of the same length and alphabet as the right one, drawn from the seed. */
export function neverIssued(key: Secret, seed: number): Secret {
  return key.map((raw) => {
    let state = (seed ^ 0x9e3779b9) >>> 0;
    const draw = (below: number): number => {
      // A linear congruential generator (Numerical Recipes) is enough: the key must be different, not secret.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const alphabet = /^[0-9a-f]*$/.test(raw) ? '0123456789abcdef' : 'abcdefghijklmnopqrstuvwxyz0123456789';
    return [...raw].map(() => alphabet[draw(alphabet.length)]).join('');
  });
}
