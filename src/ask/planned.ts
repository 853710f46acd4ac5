/** What the second history is to send, as data: which bad credentials, where, and under which usernames. */
import type { AcceptedHistory } from '../recording/accepted.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { Attempt } from '../recording/refused.ts';
import type { Operation } from '../specifications/model.ts';
import type { Call, Credentials } from './call.ts';
import { anotherKey, type BadCredential, badCredentialsFor, lastCharacterChanged, nothing, oldKey } from './cases/bad-credentials.ts';
import { type Username, usernames } from './cases/usernames.ts';
import { word } from './credentials.ts';
import { blockSize, placeOf } from './remaining.ts';
import { plannedSpellings } from './spellings.ts';
import { rotate, type Subject, showsAcceptance, takesBadKeys, takesRightKey } from './subject.ts';

/** This many calls have a 95 % chance of catching a host that accepts a call without credentials once in 30 calls. */
const rareAcceptances = 90;
/** The old key is tried on this many connections, under as many usernames: neither a stale node is missed nor a name under which it lives on. */
const oldKeyConnections = 10;

/** A call of the second history before it is sent. */
export interface Planned extends Omit<Attempt, 'trial' | 'block' | 'oversize'> {
  readonly operation: Operation;
  readonly credentials: Credentials;
  /** Sent on a connection of its own: right after an accepted call, or as the first call. */
  readonly on?: 'used connection' | 'new connection';
  readonly headers?: Call['headers'];
  /** The `If-None-Match` to send: the ETag of the 401 that these credentials got before (if it had none, the call is left out), or `*`. */
  readonly ifNoneMatch?: 'its ETag' | '*';
}

/** Wrong keys are tried only under usernames under which the right key is accepted. */
export function acceptedUsernames({ keys, seed }: Subject, first: AcceptedHistory): readonly Username[] {
  const fine = new Set(
    first.rows.filter((row) => row.about === 'username' && row.trial.outcome.kind === 'accepted').map(({ name }) => name),
  );
  return usernames(keys.key, seed).filter(({ name }) => fine.has(name));
}

/** Everything that is tried, in the order in which it is sent. */
export function planned(subject: Subject, control: Operation, names: readonly Username[], controlName = 'API'): readonly Planned[] {
  const { spec, keys, gentle } = subject;
  const rows = badCredentialsFor(keys);
  const own = names.find(({ name }) => name === controlName) ?? names[0] ?? apiName;
  const short = names.filter(({ bytes, isKey }) => bytes < 100 && !isKey);
  const few = gentle ? rotate(short.length === 0 ? [own] : short.slice(0, 20)) : () => own;
  const next = rotate(short.length === 0 ? [own] : short);
  const nextForOldKey = rotate([own, ...short.filter((each) => each !== own)]);
  const nextRow = rotate(rows.filter((row) => ![nothing, anotherKey, lastCharacterChanged, oldKey].includes(row)));
  const nearKeys = rotate(
    rows.filter((row) => row.owner === 'bad-key-refused' && row.password !== undefined && row !== anotherKey && !isLong(row, keys)),
  );

  const attempt = (check: string, row: BadCredential, operation: Operation, username: Username, extra: Partial<Planned> = {}): Planned => ({
    check,
    owner: row.keyAsUsername || (username.isKey && row.password !== undefined) ? 'key-as-password' : row.owner,
    resource: operation.id,
    head: false,
    credential: row.name,
    kind: row === nothing ? 'nothing' : row === anotherKey ? 'another key' : 'other',
    username: row.password !== undefined || row.underUsername ? username.name : undefined,
    keyAsUsername: row.keyAsUsername ?? username.isKey ?? false,
    readsAsPair: row.readsAsPair ?? false,
    placeholder: !takesRightKey(operation, subject),
    operation,
    credentials: row.credentials(keys, username.username),
    ...extra,
  });
  const others = spec.operations.filter((each) => each !== control && takesBadKeys(each, subject));
  const gets = gentle ? [] : spec.operations.filter((each) => each.method === 'GET' && takesBadKeys(each, subject));

  return [
    ...rows.map((row) => attempt(row.name, row, control, few())),
    // On a connection on which the right key has just been accepted: some servers authenticate the connection.
    ...(gentle ? [] : rows).map((row) => attempt(row.name, row, control, own, { on: 'used connection' })),
    ...(keys.oldKey === undefined || subject.embedded
      ? []
      : Array.from({ length: oldKeyConnections }, () => attempt(oldKey.name, oldKey, control, nextForOldKey(), { on: 'new connection' }))),
    ...(gentle ? [] : names).flatMap((username) => [
      attempt(`username ${username.name}`, anotherKey, control, username),
      attempt(`username ${username.name}`, nearKeys(), control, username),
    ]),
    ...others.flatMap((operation) => {
      const username = next();
      const check = operation.id;
      // Wrong keys are what owners mind most, so off loopback they are sent only where the answer proves something.
      const gently = showsAcceptance(operation, subject) ? [nothing, anotherKey] : [nothing];
      const kinds = gentle ? gently : [nothing, anotherKey, lastCharacterChanged, nextRow()];
      return [...kinds, ...(keys.oldKey !== undefined && !subject.embedded ? [oldKey] : [])].map((row) =>
        attempt(check, row, operation, username),
      );
    }),
    // A compressed answer must be the same answer.
    ...(gentle ? [] : [nothing, anotherKey]).map((row) =>
      attempt(`${row.name}, with Accept-Encoding: gzip`, row, control, own, { headers: [['Accept-Encoding', 'gzip']] }),
    ),
    // A cache in front of the host may answer 304 to a call that names the ETag of a cached answer.
    ...[nothing, anotherKey].flatMap((row) => [
      attempt(`${row.name}, with If-None-Match and the ETag of its 401`, row, control, few(), { ifNoneMatch: 'its ETag' }),
      attempt(`${row.name}, with If-None-Match: *`, row, control, few(), { ifNoneMatch: '*' }),
    ]),
    ...gets.flatMap((operation) =>
      [nothing, anotherKey].map((row) =>
        attempt(`HEAD ${operation.path}`, row, operation, own, { head: true, resource: `HEAD ${operation.path}` }),
      ),
    ),
    ...Array.from({ length: gentle ? 0 : rareAcceptances }, () => attempt(`nothing, ${rareAcceptances} times`, nothing, control, own)),
  ];
}

/** How much this history sends to a host that accepts the key under all these usernames and refuses everything else. */
export function plannedRefusals(
  subject: Subject,
  control: Operation,
  names: readonly Username[],
): { readonly requests: number; readonly wrongKeys: number } {
  const plan = planned(subject, control, names);
  const spelled = plannedSpellings(subject, control);
  const controls = 1 + Math.ceil(plan.length / blockSize) + Math.ceil(spelled / blockSize);
  return {
    requests: plan.length + spelled + controls + plan.filter(({ on }) => on === 'used connection').length,
    wrongKeys: plan.filter(({ credentials }) => credentials.wrongKey).length,
  };
}

const apiName: Username = { name: 'API', username: word('API'), bytes: 3 };
const isLong = (row: BadCredential, keys: Subject['keys']): boolean => (row.password?.(keys)?.length ?? 0) > 1000;

/**
 * For each wrong key that was accepted: another key under the same username, unless that was tried already. If the other key is accepted too,
 * the host did not mistake the first key for the right one but accepts any key.
 */
export function followUps(attempts: readonly Attempt[], subject: Subject): readonly Planned[] {
  const { keys, seed, spec } = subject;
  const names = usernames(keys.key, seed);
  const asked = new Set(attempts.filter((each) => each.kind === 'another key').map(placeOf));
  const letIn = attempts.filter((each) => isLetIn(each.trial) && each.username !== undefined && !each.keyAsUsername);
  const wanted = new Map(letIn.map((each) => [placeOf(each), each]));
  return [...wanted].flatMap(([place, each]) => {
    const operation = spec.operations.find(({ id, path }) => (each.head ? `HEAD ${path}` : id) === each.resource);
    const username = names.find(({ name }) => name === each.username);
    if (asked.has(place) || operation === undefined || username === undefined) return [];
    const { trial: _trial, block: _block, oversize: _oversize, ...rest } = each;
    const credentials = anotherKey.credentials(keys, username.username);
    return [
      { ...rest, owner: anotherKey.owner, credential: anotherKey.name, kind: 'another key', operation, credentials } satisfies Planned,
    ];
  });
}
